using Mlops.Core.Registry;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Registry;

public class RegistryStoreTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task CommitAsync_LosesNoVersion_WhenManyWritersRegisterAtOnce()
    {
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => store.CommitAsync(model, "test", record => RegistryRules.Register(record, Version($"p{i}")), CancellationToken.None)));
        ModelRecord record = await store.ReadAsync(model, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 8), record.Versions.Select(version => version.Number));
        Assert.Equal(8, record.Versions.Select(version => version.Pipeline).Distinct().Count());
        IReadOnlyList<LedgerEntry> ledger = await store.ReadLedgerAsync(model, CancellationToken.None);
        Assert.Equal(8, ledger.Count);
        Assert.Null(LedgerEntry.FindBreak(ledger));
    }

    [Fact]
    public async Task CommitAsync_WritesNothing_WhenTheRuleSaysSo()
    {
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await store.CommitAsync(model, "test", record => RegistryRules.Register(record, Version("p")), CancellationToken.None);
        await store.CommitAsync(model, "test", record => RegistryRules.Register(record, Version("p")), CancellationToken.None);
        Assert.Single(await store.ReadLedgerAsync(model, CancellationToken.None));
    }

    [Fact]
    public async Task CommitAsync_MovesTraffic_VersionsAndLedgerTogether()
    {
        ManualTime time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
        RegistryStore store = new(await Stores.OpenAsync(azurite), time);
        string model = TestNames.Model();
        await store.CommitAsync(model, "a", record => RegistryRules.Register(record, Version("p1")), CancellationToken.None);
        await store.CommitAsync(model, "b", record => RegistryRules.StartCanary(record, 1, 10), CancellationToken.None);
        time.Now = time.Now.AddHours(1);
        await store.CommitAsync(model, "c", record => RegistryRules.Register(record, Version("p2")), CancellationToken.None);
        ModelRecord canary = await store.CommitAsync(model, "d", record => RegistryRules.StartCanary(record, 2, 10), CancellationToken.None);
        Assert.Equal(time.Now.AddHours(-1), canary.ChampionSince);
        ModelRecord promoted = await store.CommitAsync(model, "e", record => RegistryRules.Promote(record, 2, "good"), CancellationToken.None);
        Assert.Equal((2, 1, time.Now), (promoted.Traffic!.Champion, promoted.PreviousChampion, promoted.ChampionSince));
        Assert.Equal(2, (await store.FindTrafficAsync(model, CancellationToken.None))!.Champion);
        Assert.Equal(VersionState.Archived, (await store.FindVersionAsync(model, 1, CancellationToken.None))!.State);
        IReadOnlyList<LedgerEntry> ledger = await store.ReadLedgerAsync(model, CancellationToken.None);
        Assert.Equal(["register", "promote", "register", "canary", "promote"], ledger.Select(entry => entry.Action));
        Assert.Equal(["a", "b", "c", "d", "e"], ledger.Select(entry => entry.Actor));
        Assert.Null(LedgerEntry.FindBreak(ledger));
    }

    [Fact]
    public async Task ReadAsync_DoesNotMixModels_WhoseNamesStartAlike()
    {
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await store.CommitAsync(model + "-b", "test", record => RegistryRules.Register(record, Version("p")), CancellationToken.None);
        Assert.Empty((await store.ReadAsync(model, CancellationToken.None)).Versions);
    }

    [Fact]
    public async Task WriteModelAsync_KeepsTheFirstBytes()
    {
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await store.WriteModelAsync(model, "hash", BinaryData.FromString("first"), CancellationToken.None);
        await store.WriteModelAsync(model, "hash", BinaryData.FromString("second"), CancellationToken.None);
        Assert.Equal("first", (await store.ReadModelAsync(model, "hash", CancellationToken.None)).ToString());
        StoredDataException exception = await Assert.ThrowsAsync<StoredDataException>(() => store.ReadModelAsync(model, "none", CancellationToken.None));
        Assert.Contains($"models/{model}/none.onnx", exception.Message, StringComparison.Ordinal);
    }

    private static ModelVersion Version(string pipeline) => new()
    {
        Number = 0,
        State = VersionState.Registered,
        Hash = new string('a', 64),
        Pipeline = pipeline,
        Run = "run",
        Datasets = ["ds-1"],
        Metrics = new Dictionary<string, double> { ["logLoss"] = 0.5, ["auc"] = double.NaN },
        Verdict = "promote",
        Created = DateTimeOffset.UnixEpoch,
    };
}
