using Mlops.Core.Configuration;
using Mlops.Core.Registry;
using Mlops.Functions.Configuration;
using Mlops.Storage;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Configuration;

public class ConfigurationServiceTests(AzuriteFixture azurite)
{
    private const string Yaml = "training: {folds: 3}\n";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task ApplyAsync_AfterAProcessDiedBetweenFileAndLedger_RecordsWhatWasWritten()
    {
        (ConfigurationService service, ConfigurationFiles files, RegistryStore registry, string model) = await OpenAsync();
        Assert.True(await files.TryWriteAsync(model, Yaml, 1, null, None));
        Assert.Equal(ConfigurationState.Dropped, (await service.ReadAsync(model, None)).State);

        // Whoever applied sends the same again, still naming the file that it replaced.
        Assert.True(await ApplyAsync(service, model, Yaml, null));
        Assert.Equal(ConfigurationState.Applied, (await service.ReadAsync(model, None)).State);
        Assert.Equal(1, (await registry.ReadAsync(model, None)).Configuration!.Revision);
        Assert.False(await ApplyAsync(service, model, Yaml, null));
        Assert.Single(await registry.ReadLedgerAsync(model, None));
    }

    [Fact]
    public async Task ApplyAsync_RecordThatComesLate_DoesNotReplaceALaterOne()
    {
        (ConfigurationService service, _, RegistryStore registry, string model) = await OpenAsync();
        await ApplyAsync(service, model, Yaml, null);
        string first = AppliedConfiguration.HashOf(Yaml);
        await ApplyAsync(service, model, "training: {folds: 4}\n", first);
        AppliedConfiguration late = new(1, AppliedConfiguration.HashOf("another"), "hash", "somebody", "elsewhere", DateTimeOffset.UnixEpoch);
        await registry.CommitAsync(model, "somebody", record => RegistryRules.Configure(record, late), None);
        ModelRecord record = await registry.ReadAsync(model, None);
        Assert.Equal((2, AppliedConfiguration.HashOf("training: {folds: 4}\n")), (record.Configuration!.Revision, record.Configuration.Sha256));
        Assert.Contains("overtaken", (await registry.ReadLedgerAsync(model, None))[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApplyAsync_FileThatWasDeleted_IsDriftAndIsWrittenAgain()
    {
        (ConfigurationService service, ConfigurationFiles files, _, string model) = await OpenAsync();
        await ApplyAsync(service, model, Yaml, null);
        await new Azure.Storage.Blobs.BlobContainerClient(azurite.ConnectionString, "drop").DeleteBlobAsync($"data/{model}/model.yaml");
        Assert.Equal(ConfigurationState.Drifted, (await service.ReadAsync(model, None)).State);
        Assert.Null(await ApplyAsync(service, model, Yaml, "something else"));
        Assert.True(await ApplyAsync(service, model, Yaml, null));
        Assert.Equal(2, (await files.FindAsync(model, 1000, None))!.Revision);
    }

    private static Task<bool?> ApplyAsync(ConfigurationService service, string model, string text, string? expected) =>
        service.ApplyAsync(model, text, ModelConfiguration.Parse(text).Configuration!, expected, "test", "a test", None);

    private async Task<(ConfigurationService Service, ConfigurationFiles Files, RegistryStore Registry, string Model)> OpenAsync()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(None);
        ConfigurationFiles files = new(connection);
        RegistryStore registry = new(connection, TimeProvider.System);
        DatasetStore datasets = new(connection, TimeProvider.System);
        return (new ConfigurationService(files, registry, datasets, new KeptBatches(datasets), TimeProvider.System), files, registry, TestNames.Model());
    }
}
