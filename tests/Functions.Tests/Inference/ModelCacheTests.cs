using System.Security.Cryptography;
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
        await registry.WriteModelAsync(model, hash, BinaryData.FromString("other bytes"), CancellationToken.None);
        StoredDataException refused = await Assert.ThrowsAsync<StoredDataException>(() => LoadAsync(connection, registry, model, hash));
        Assert.Contains($"expected {hash}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetAsync_Refuses_AFileThatPointsOutside_UnderItsOwnHash()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        RegistryStore registry = new(connection, TimeProvider.System);
        string model = TestNames.Model();

        // A graph with one tensor whose data lies elsewhere (field 14, data_location = 1).
        byte[] onnx = [0x3A, 0x08, 0x2A, 0x06, 0x08, 0x04, 0x10, 0x01, 0x70, 0x01];
        string hash = Convert.ToHexStringLower(SHA256.HashData(onnx));
        await registry.WriteModelAsync(model, hash, new BinaryData(onnx), CancellationToken.None);
        FormatException refused = await Assert.ThrowsAsync<FormatException>(() => LoadAsync(connection, registry, model, hash));
        Assert.Contains("data in another file", refused.Message, StringComparison.Ordinal);
    }

    private static Task<OnnxModel> LoadAsync(StorageConnection connection, RegistryStore registry, string model, string hash)
    {
        ModelVersion version = new() { Number = 1, State = VersionState.Registered, Hash = hash, Pipeline = "none", Run = "none", Datasets = [], Metrics = new Dictionary<string, double>(), Verdict = "", Created = DateTimeOffset.UnixEpoch };
        return new ModelCache(registry, new PipelineStore(connection, TimeProvider.System), NullLogger<ModelCache>.Instance).GetAsync(model, version, CancellationToken.None);
    }
}
