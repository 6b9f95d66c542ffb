using Mlops.TestKit;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
