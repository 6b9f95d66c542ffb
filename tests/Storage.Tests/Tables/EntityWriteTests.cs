using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class EntityWriteTests(AzuriteFixture azurite) : TableTest(azurite)
{
    [Fact]
    public async Task AddEntity_New_AnswersTheETagAndLeavesTheObjectAlone()
    {
        var entity = new TableEntity("p", "r") { ["A"] = 1 };
        var response = await Table.AddEntityAsync(entity);
        Assert.Equal(204, response.Status);
        Assert.Equal(default, entity.ETag);
        var stored = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal(response.Headers.ETag, stored.ETag);
        Assert.NotNull(stored.Timestamp);
    }

    [Fact]
    public async Task AddEntity_Existing_FailsWith409()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"));
        await FailsAsync(() => Table.AddEntityAsync(new TableEntity("p", "r")), 409, "EntityAlreadyExists");
    }

    [Fact]
    public async Task AddEntity_MissingTable_FailsWith404() =>
        await FailsAsync(() => new TableClient(Azurite.ConnectionString, TestNames.Table()).AddEntityAsync(new TableEntity("p", "r")), 404, "TableNotFound");

    [Fact]
    public async Task UpsertEntity_Missing_Inserts()
    {
        await Table.UpsertEntityAsync(new TableEntity("p", "merge") { ["A"] = 1 });
        await Table.UpsertEntityAsync(new TableEntity("p", "replace") { ["A"] = 1 }, TableUpdateMode.Replace);
        Assert.Equal(1, (await Stored("merge")).GetInt32("A"));
        Assert.Equal(1, (await Stored("replace")).GetInt32("A"));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, true)]
    [InlineData(TableUpdateMode.Replace, false)]
    public async Task UpsertEntity_Existing_KeepsOtherPropertiesOnlyWhenMerging(TableUpdateMode mode, bool keeps)
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Old"] = "o", ["Both"] = 1 });
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["New"] = "n", ["Both"] = 2 }, mode);
        var stored = await Stored("r");
        Assert.Equal((keeps ? "o" : null, "n", 2), (stored.GetString("Old"), stored.GetString("New"), stored.GetInt32("Both")));
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge, true)]
    [InlineData(TableUpdateMode.Replace, false)]
    public async Task UpdateEntity_CurrentETag_KeepsOtherPropertiesOnlyWhenMerging(TableUpdateMode mode, bool keeps)
    {
        var added = await Table.AddEntityAsync(new TableEntity("p", "r") { ["Old"] = "o" });
        var updated = await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["New"] = "n" }, added.Headers.ETag!.Value, mode);
        Assert.NotEqual(added.Headers.ETag, updated.Headers.ETag);
        var stored = await Stored("r");
        Assert.Equal((keeps ? "o" : null, "n"), (stored.GetString("Old"), stored.GetString("New")));
        Assert.Equal(updated.Headers.ETag, stored.ETag);
    }

    [Theory]
    [InlineData(TableUpdateMode.Merge)]
    [InlineData(TableUpdateMode.Replace)]
    public async Task UpdateEntity_StaleETag_FailsWith412AndChangesNothing(TableUpdateMode mode)
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        var read = await Stored("r");
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 2 });
        read["A"] = 3;
        await FailsAsync(() => Table.UpdateEntityAsync(read, read.ETag, mode), 412, "UpdateConditionNotSatisfied");
        Assert.Equal(2, (await Stored("r")).GetInt32("A"));
    }

    [Fact]
    public async Task UpdateEntity_AllETag_IgnoresTheVersion()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = 2 }, ETag.All, TableUpdateMode.Replace);
        Assert.Equal(2, (await Stored("r")).GetInt32("A"));
    }

    [Fact]
    public async Task UpdateEntity_Missing_FailsWith404() =>
        await FailsAsync(() => Table.UpdateEntityAsync(new TableEntity("p", "none"), ETag.All), 404, "ResourceNotFound");

    [Fact]
    public async Task UpdateEntity_DefaultETag_IsRefusedBeforeSending() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Table.UpdateEntityAsync(new TableEntity("p", "r"), default));

    [Fact]
    public async Task UpdateEntity_FiftyAtOnce_ExactlyOneWinsPerVersion()
    {
        var added = await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 0 });
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 50).Select(async i =>
        {
            try
            {
                await Table.UpdateEntityAsync(new TableEntity("p", "r") { ["A"] = i }, added.Headers.ETag!.Value);
                return 204;
            }
            catch (RequestFailedException e)
            {
                return e.Status;
            }
        }));
        Assert.Equal(1, outcomes.Count(status => status == 204));
        Assert.Equal(49, outcomes.Count(status => status == 412));
    }

    [Fact]
    public async Task DeleteEntity_Existing_RemovesIt()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r"));
        Assert.Equal(204, (await Table.DeleteEntityAsync("p", "r")).Status);
        Assert.False((await Table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task DeleteEntity_Missing_Answers404WithoutThrowing()
    {
        Assert.Equal(404, (await Table.DeleteEntityAsync("p", "none")).Status);
        Assert.Equal(404, (await Table.DeleteEntityAsync(new TableEntity("p", "none"))).Status);
        Assert.Equal(404, (await new TableClient(Azurite.ConnectionString, TestNames.Table()).DeleteEntityAsync("p", "r")).Status);
    }

    [Fact]
    public async Task DeleteEntity_StaleETag_FailsWith412()
    {
        var added = await Table.AddEntityAsync(new TableEntity("p", "r"));
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        await FailsAsync(() => Table.DeleteEntityAsync("p", "r", added.Headers.ETag!.Value), 412, "UpdateConditionNotSatisfied");
        Assert.True((await Table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task DeleteEntity_ByEntityWithStaleETag_IsUnconditional()
    {
        var read = new TableEntity("p", "r") { ETag = (await Table.AddEntityAsync(new TableEntity("p", "r"))).Headers.ETag!.Value };
        await Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = 1 });
        Assert.Equal(204, (await Table.DeleteEntityAsync(read)).Status);
    }

    [Fact]
    public async Task GetEntity_Missing_FailsWith404()
    {
        await FailsAsync(() => Table.GetEntityAsync<TableEntity>("p", "none"), 404, "ResourceNotFound");
        await FailsAsync(() => new TableClient(Azurite.ConnectionString, TestNames.Table()).GetEntityAsync<TableEntity>("p", "r"), 404, "TableNotFound");
    }

    [Fact]
    public async Task GetEntityIfExists_Missing_HasNoValue()
    {
        var missing = await Table.GetEntityIfExistsAsync<TableEntity>("p", "none");
        Assert.False(missing.HasValue);
        Assert.Equal(404, missing.GetRawResponse().Status);
        Assert.Throws<InvalidOperationException>(() => missing.Value);
    }

    [Fact]
    public async Task GetEntity_WithSelect_AnswersOnlyTheseProperties()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1, ["B"] = "b", ["C"] = 3L });
        var selected = (await Table.GetEntityAsync<TableEntity>("p", "r", ["A", "C"])).Value;
        Assert.Equal((1, 3L), (selected.GetInt32("A"), selected.GetInt64("C")));
        Assert.False(selected.ContainsKey("B"));
        Assert.False(selected.ContainsKey("RowKey"));
    }

    [Fact]
    public async Task UpsertEntity_PropertyTooLong_FailsWith400() =>
        await FailsAsync(() => Table.UpsertEntityAsync(new TableEntity("p", "r") { ["A"] = new string('x', 33_000) }), 400, TableErrorCode.PropertyValueTooLarge.ToString());

    [Fact]
    public async Task Cancellation_BeforeSending_IsHonoured()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Table.UpsertEntityAsync(new TableEntity("p", "r"), cancellationToken: cancelled.Token));
    }

    private async Task<TableEntity> Stored(string rowKey) => (await Table.GetEntityAsync<TableEntity>("p", rowKey)).Value;
}
