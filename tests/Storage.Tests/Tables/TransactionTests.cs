using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class TransactionTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Fact]
    public async Task Transaction_EveryKindOfAction_IsApplied()
    {
        var etags = new Dictionary<string, ETag>();
        foreach (var row in new[] { "merge", "replace", "delete", "upsertMerge", "upsertReplace" })
        {
            etags[row] = (await Table.AddEntityAsync(new TableEntity("p", row) { ["Old"] = 1 })).Headers.ETag!.Value;
        }

        var result = await Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("add")),
            new(TableTransactionActionType.UpdateMerge, New("merge"), etags["merge"]),
            new(TableTransactionActionType.UpdateReplace, New("replace"), etags["replace"]),
            new(TableTransactionActionType.Delete, New("delete"), etags["delete"]),
            new(TableTransactionActionType.UpsertMerge, New("upsertMerge")),
            new(TableTransactionActionType.UpsertReplace, New("upsertReplace")),
            new(TableTransactionActionType.UpsertReplace, New("new")),
        ]);

        Assert.Equal(202, result.GetRawResponse().Status);
        Assert.All(result.Value, response => Assert.Equal(204, response.Status));
        var rows = await RowsAsync();
        Assert.Equal(["add", "merge", "new", "replace", "upsertMerge", "upsertReplace"], rows.Keys.Order(StringComparer.Ordinal));
        Assert.All(rows.Values, e => Assert.Equal(2, e.GetInt32("New")));
        Assert.Equal(["merge", "upsertMerge"], rows.Where(e => e.Value.ContainsKey("Old")).Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.Equal(rows["add"].ETag, result.Value[0].Headers.ETag);
        Assert.Equal(rows["merge"].ETag, result.Value[1].Headers.ETag);
    }

    [Fact]
    public async Task Transaction_OneActionFails_NothingIsAppliedAndTheIndexIsKnown()
    {
        await Table.AddEntityAsync(new TableEntity("p", "taken") { ["New"] = 1 });
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("a")),
            new(TableTransactionActionType.UpsertReplace, New("b")),
            new(TableTransactionActionType.Add, New("taken")),
            new(TableTransactionActionType.Add, New("c")),
        ]));
        Assert.Equal((409, "EntityAlreadyExists", 2), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        var rows = await RowsAsync();
        Assert.Equal(["taken"], rows.Keys);
        Assert.Equal(1, rows["taken"].GetInt32("New"));
    }

    [Fact]
    public async Task Transaction_StaleETag_FailsWith412AndRollsBack()
    {
        var added = await Table.AddEntityAsync(new TableEntity("p", "r"));
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["X"] = 1 });
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("other")),
            new(TableTransactionActionType.UpdateReplace, New("r"), added.Headers.ETag!.Value),
        ]));
        Assert.Equal((412, "UpdateConditionNotSatisfied", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Equal(["r"], (await RowsAsync()).Keys);
    }

    [Theory]
    [InlineData(TableTransactionActionType.UpdateMerge)]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    public async Task Transaction_UpdateWithDefaultETag_InsertsAMissingEntity(TableTransactionActionType action)
    {
        await Table.SubmitTransactionAsync([new(action, New("r"))]);
        Assert.Equal(["r"], (await RowsAsync()).Keys);
    }

    [Theory]
    [InlineData(TableTransactionActionType.UpdateMerge)]
    [InlineData(TableTransactionActionType.UpdateReplace)]
    [InlineData(TableTransactionActionType.Delete)]
    public async Task Transaction_MissingEntity_FailsAsAWhole(TableTransactionActionType action)
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("a")),
            new(action, New("none"), ETag.All),
        ]));
        Assert.Equal((404, 1), (failure.Status, failure.FailedTransactionActionIndex));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Transaction_DeleteWithDefaultETag_IsUnconditional()
    {
        await Table.AddEntityAsync(New("r"));
        await Table.SubmitTransactionAsync([new(TableTransactionActionType.Delete, new TableEntity("p", "r"))]);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Transaction_HundredActions_AreApplied()
    {
        var result = await Table.SubmitTransactionAsync(Enumerable.Range(0, 100).Select(i => new TableTransactionAction(TableTransactionActionType.Add, New($"r{i}"))));
        Assert.Equal(100, result.Value.Count);
        Assert.Equal(100, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Transaction_101Actions_AreRefused()
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => Table.SubmitTransactionAsync(Enumerable.Range(0, 101).Select(i => new TableTransactionAction(TableTransactionActionType.Add, New($"r{i}")))));
        Assert.Equal(400, failure.Status);
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Transaction_SameRowTwice_IsRefused()
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() => Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("r")),
            new(TableTransactionActionType.UpsertMerge, New("r")),
        ]));
        Assert.Equal((400, "InvalidDuplicateRow"), (failure.Status, failure.ErrorCode));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Transaction_TwoPartitions_AreRefusedAsByTheService()
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => Table.SubmitTransactionAsync([
            new(TableTransactionActionType.Add, New("r")),
            new(TableTransactionActionType.Add, new TableEntity("q", "r")),
        ]));
        Assert.Equal((400, TableErrorCode.CommandsInBatchActOnDifferentPartitions.ToString(), 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
        Assert.Empty(await RowsAsync());
    }

    [Fact]
    public async Task Transaction_NoActions_IsRefusedBeforeSending() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Table.SubmitTransactionAsync([]));

    [Fact]
    public async Task Transaction_MissingTable_FailsWith404()
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(() =>
            new TableClient(Azurite.ConnectionString, TestNames.Table()).SubmitTransactionAsync([new(TableTransactionActionType.Add, New("r"))]));
        Assert.Equal(404, failure.Status);
    }

    private static TableEntity New(string row) => new("p", row) { ["New"] = 2 };

    private async Task<Dictionary<string, TableEntity>> RowsAsync()
    {
        var rows = new Dictionary<string, TableEntity>();
        await foreach (var entity in Table.QueryAsync<TableEntity>())
        {
            rows.Add(entity.RowKey, entity);
        }

        return rows;
    }
}
