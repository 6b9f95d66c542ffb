using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Core.Registry;
using Mlops.Functions.Inference;
using Mlops.Storage;
using Mlops.Storage.Pipelines;
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
        ModelVersion version = new() { Number = 1, State = VersionState.Registered, Hash = hash, Pipeline = "none", Run = "none", Datasets = [], Metrics = new Dictionary<string, double>(), Verdict = "", Created = DateTimeOffset.UnixEpoch };
        await registry.WriteModelAsync(model, hash, BinaryData.FromString("other bytes"), CancellationToken.None);
        StoredDataException refused = await Assert.ThrowsAsync<StoredDataException>(() => new ModelCache(registry, new PipelineStore(connection, TimeProvider.System), NullLogger<ModelCache>.Instance).GetAsync(model, version, CancellationToken.None));
        Assert.Contains($"expected {hash}", refused.Message, StringComparison.Ordinal);
    }
}
