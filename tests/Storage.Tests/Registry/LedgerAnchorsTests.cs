using Azure;
using Azure.Data.Tables;
using Mlops.Core.Registry;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Registry;

/// <summary>Whoever may write the table changes the ledger behind the platform's back; the anchors tell.</summary>
public class LedgerAnchorsTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task CommitAsync_EveryChange_IsAnchored()
    {
        (RegistryStore store, string model) = await LedgerAsync(5);
        IReadOnlyList<LedgerEntry> entries = await store.ReadLedgerAsync(model, None);
        IReadOnlyList<LedgerAnchor> anchors = await AnchorsAsync(model);
        Assert.Equal(entries.Select(entry => (entry.Sequence, entry.Hash)), anchors.Select(anchor => (anchor.Sequence, anchor.Hash)));
        Assert.All(anchors, anchor => Assert.True(anchor.Time > DateTimeOffset.UnixEpoch));
        LedgerVerification verification = await VerifyAsync(store, model);
        Assert.True(verification.Holds);
        Assert.Equal(5, verification.AnchoredTo);
    }

    [Fact]
    public async Task AddAsync_SameEntryAgain_ChangesNothing()
    {
        (RegistryStore store, string model) = await LedgerAsync(1);
        LedgerEntry head = (await store.ReadAsync(model, None)).LedgerHead!;
        Assert.False(await new LedgerAnchors(await Stores.OpenAsync(azurite)).AddAsync(model, head, None));
        Assert.Single(await AnchorsAsync(model));
    }

    [Fact]
    public async Task Verification_EntryChangedInTheTable_IsFound()
    {
        (RegistryStore store, string model) = await LedgerAsync(5);
        TableClient table = await TableAsync();
        TableEntity row = await table.GetEntityAsync<TableEntity>(model, "ledger-0000000003");
        row["Document"] = row.GetString("Document").Replace("test", "somebody", StringComparison.Ordinal);
        await table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace);
        Assert.Contains("The chain breaks at entry 3", string.Join(' ', (await VerifyAsync(store, model)).Findings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verification_LedgerCutTogetherWithItsHead_IsFound()
    {
        (RegistryStore store, string model) = await LedgerAsync(5);
        TableClient table = await TableAsync();
        string head = (await table.GetEntityAsync<TableEntity>(model, "head")).Value.GetString("Document");
        IReadOnlyList<LedgerEntry> entries = await store.ReadLedgerAsync(model, None);
        await table.DeleteEntityAsync(model, "ledger-0000000004");
        await table.DeleteEntityAsync(model, "ledger-0000000005");
        await table.UpsertEntityAsync(TableExtensions.Row(model, "head", new { ledger = entries[2] }), TableUpdateMode.Replace);
        LedgerVerification verification = await VerifyAsync(store, model);
        Assert.NotEqual(head, (await table.GetEntityAsync<TableEntity>(model, "head")).Value.GetString("Document"));
        Assert.Equal(2, verification.Findings.Count(finding => finding.Contains("the ledger was cut", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Verification_WholeLedgerReplayedWithOtherEntries_IsFound()
    {
        (RegistryStore store, string model) = await LedgerAsync(3);
        TableClient table = await TableAsync();
        LedgerEntry? previous = null;
        foreach (LedgerEntry entry in await store.ReadLedgerAsync(model, None))
        {
            // A perfect chain, every hash right: only that it says something else.
            previous = LedgerEntry.After(previous, entry.Time, "nobody", entry.Action, entry.Detail);
            await table.UpsertEntityAsync(TableExtensions.Row(model, $"ledger-{entry.Sequence:D10}", previous), TableUpdateMode.Replace);
        }

        await table.UpsertEntityAsync(TableExtensions.Row(model, "head", new { ledger = previous }), TableUpdateMode.Replace);
        Assert.Null(LedgerEntry.FindBreak(await store.ReadLedgerAsync(model, None)));
        LedgerVerification verification = await VerifyAsync(store, model);
        Assert.Equal(3, verification.Findings.Count(finding => finding.Contains("written anew", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ListAsync_OtherModelsAnchors_AreNotMixedIn()
    {
        (_, string model) = await LedgerAsync(1);
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        await store.CommitAsync(model + "-b", "test", Entry(1), None);
        Assert.Single(await AnchorsAsync(model));
    }

    private async Task<(RegistryStore Store, string Model)> LedgerAsync(int entries)
    {
        RegistryStore store = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        for (int i = 1; i <= entries; i++)
        {
            await store.CommitAsync(model, "test", Entry(i), None);
        }

        return (store, model);
    }

    private static Func<ModelRecord, RegistryChange?> Entry(int number) => _ => new RegistryChange("register", $"change {number}", []);

    private async Task<LedgerVerification> VerifyAsync(RegistryStore store, string model) =>
        LedgerVerification.Of(await store.ReadLedgerAsync(model, None), (await store.ReadAsync(model, None)).LedgerHead, await AnchorsAsync(model));

    private async Task<IReadOnlyList<LedgerAnchor>> AnchorsAsync(string model) => await new LedgerAnchors(await Stores.OpenAsync(azurite)).ListAsync(model, None);

    private async Task<TableClient> TableAsync() => (await Stores.OpenAsync(azurite)).Table(StorageNames.RegistryTable);
}
