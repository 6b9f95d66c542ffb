using Mlops.TestKit.Running;

[assembly: AssemblyFixture(typeof(Platform))]
