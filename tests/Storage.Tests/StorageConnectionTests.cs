using Mlops.TestKit;

namespace Mlops.Storage.Tests;

public class StorageConnectionTests(AzuriteFixture azurite)
{
    [Fact]
    public void Constructor_SaysWhichSettingIsMissing()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => new StorageConnection(_ => null));
        Assert.Contains("MlopsStorage__blobServiceUri", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bootstrap_CanRunAgain_AndFromManyInstancesAtOnce()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new StorageBootstrap(connection).CreateAsync(CancellationToken.None)));
        await foreach (var _ in connection.Table(StorageNames.RegistryTable).QueryAsync<global::Azure.Data.Tables.TableEntity>("PartitionKey eq 'none'"))
        {
            Assert.Fail("The table was expected to hold nothing under that key.");
        }
    }
}
