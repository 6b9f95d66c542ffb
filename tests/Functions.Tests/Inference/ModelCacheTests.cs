using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Inference;
using Mlops.Storage;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Inference;

public class ModelCacheTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task GetAsync_Refuses_AFileThatIsNotTheRegisteredOne()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        RegistryStore registry = new(connection, TimeProvider.System);
        string model = TestNames.Model();
        string hash = new('0', 64);
        await registry.WriteModelAsync(model, hash, BinaryData.FromString("other bytes"), CancellationToken.None);
        StoredDataException refused = await Assert.ThrowsAsync<StoredDataException>(() => new ModelCache(registry, NullLogger<ModelCache>.Instance).GetAsync(model, hash, CancellationToken.None));
        Assert.Contains($"expected {hash}", refused.Message, StringComparison.Ordinal);
    }
}
