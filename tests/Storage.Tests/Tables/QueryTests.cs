using Azure;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class QueryTests(AzuriteFixture azurite) : TableTest(azurite)
{
    private const int Many = 2500;

    [Fact]
    public async Task Query_2500Entities_AreAllFoundOnceInOrder()
    {
        await FillAsync(Many);
        var pages = new List<int>();
        var keys = new List<string>();
        await foreach (var page in Table.QueryAsync<TableEntity>().AsPages())
        {
            pages.Add(page.Values.Count);
            keys.AddRange(page.Values.Select(e => e.RowKey));
        }

        Assert.Equal([1000, 1000, 500], pages);
        Assert.Equal(Enumerable.Range(0, Many).Select(Key), keys);
    }

    [Fact]
    public async Task Query_ResumedFromAToken_ContinuesAfterThatPage()
    {
        await FillAsync(25);
        string? token = null;
        await foreach (var page in Table.QueryAsync<TableEntity>(maxPerPage: 10).AsPages())
        {
            token = page.ContinuationToken;
            break;
        }

        Assert.Contains(' ', token!);
        var rest = new List<string>();
        await foreach (var page in Table.QueryAsync<TableEntity>().AsPages(token, pageSizeHint: 7))
        {
            Assert.True(page.Values.Count <= 7);
            rest.AddRange(page.Values.Select(e => e.RowKey));
            token = page.ContinuationToken;
        }

        Assert.Equal(Enumerable.Range(10, 15).Select(Key), rest);
        Assert.Null(token);
    }

    [Fact]
    public async Task Query_NothingMatches_IsEmpty()
    {
        Assert.Empty(await Found(Table.QueryAsync<TableEntity>()));
        Assert.Empty(await Found(Table.QueryAsync<TableEntity>("PartitionKey eq 'none'")));
    }

    [Fact]
    public async Task Query_EveryKindOfFilter_FindsTheSame()
    {
        await FillAsync(20);
        List<string> expected = [Key(12), Key(13)];
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>("N ge 12 and N lt 14")));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"N ge {12} and N lt {14}"))));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(e => e.GetInt32("N") >= 12 && e.GetInt32("N") < 14)));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(e => e.RowKey.CompareTo(Key(12)) >= 0 && e.RowKey.CompareTo(Key(14)) < 0)));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"L ge {12L} and L lt {14L}"))));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"D ge {12.0} and D lt {13.5}"))));
        Assert.Equal(expected, await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"T ge {Time(12)} and T lt {Time(14)}"))));
        Assert.Equal([Key(3)], await Found(Table.QueryAsync<TableEntity>(e => e.GetGuid("G") == Id(3))));
        Assert.Equal([Key(3)], await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"B eq {new byte[] { 3 }}"))));
        Assert.Equal(10, (await Found(Table.QueryAsync<TableEntity>(e => e.GetBoolean("Even") == true))).Count);
        Assert.Equal(10, (await Found(Table.QueryAsync<TableEntity>(e => !(e.GetBoolean("Even") == true)))).Count);
        Assert.Equal(20, (await Found(Table.QueryAsync<TableEntity>(e => true))).Count);
    }

    [Fact]
    public async Task Query_WithSelect_AnswersOnlyTheseProperties()
    {
        await FillAsync(3);
        await foreach (var entity in Table.QueryAsync<TableEntity>(select: ["RowKey", "L"]))
        {
            Assert.NotNull(entity.RowKey);
            Assert.NotNull(entity.GetInt64("L"));
            Assert.False(entity.ContainsKey("N"));
            Assert.False(entity.ContainsKey("PartitionKey"));
        }
    }

    [Fact]
    public async Task Query_ReadEntity_CanBeUpdatedByItsETag()
    {
        await FillAsync(1);
        await foreach (var entity in Table.QueryAsync<TableEntity>())
        {
            entity["N"] = 99;
            await Table.UpdateEntityAsync(entity, entity.ETag);
        }

        Assert.Equal(99, (await Table.GetEntityAsync<TableEntity>("p", Key(0))).Value.GetInt32("N"));
    }

    [Fact]
    public async Task Query_HostileValue_StaysAValue()
    {
        await FillAsync(3);
        const string Hostile = "' or PartitionKey eq 'p";
        Assert.Empty(await Found(Table.QueryAsync<TableEntity>(e => e.PartitionKey == Hostile)));
        Assert.Empty(await Found(Table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {Hostile}"))));
    }

    [Fact]
    public async Task Query_MissingTable_FailsWith404() =>
        await FailsAsync(() => Found(new TableClient(Azurite.ConnectionString, TestNames.Table()).QueryAsync<TableEntity>()), 404, "TableNotFound");

    [Fact]
    public async Task Query_SeveralPartitions_IsOrderedByPartitionThenRow()
    {
        foreach (var (partition, row) in new[] { ("b", "1"), ("a", "2"), ("a", "1"), ("B", "1"), ("a", "10") })
        {
            await Table.AddEntityAsync(new TableEntity(partition, row));
        }

        var found = new List<string>();
        await foreach (var entity in Table.QueryAsync<TableEntity>(maxPerPage: 2))
        {
            found.Add(entity.PartitionKey + entity.RowKey);
        }

        Assert.Equal(["B1", "a1", "a10", "a2", "b1"], found);
    }

    private static string Key(int i) => $"r {i:0000}";

    private static DateTimeOffset Time(int i) => new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(i);

    private static Guid Id(int i) => new(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static async Task<List<string>> Found(AsyncPageable<TableEntity> entities)
    {
        var keys = new List<string>();
        await foreach (var entity in entities)
        {
            keys.Add(entity.RowKey);
        }

        return keys;
    }

    private async Task FillAsync(int count)
    {
        foreach (var chunk in Enumerable.Range(0, count).Chunk(100))
        {
            await Table.SubmitTransactionAsync(chunk.Select(i => new TableTransactionAction(
                TableTransactionActionType.Add,
                new TableEntity("p", Key(i)) { ["N"] = i, ["L"] = (long)i, ["D"] = (double)i, ["T"] = Time(i), ["G"] = Id(i), ["B"] = new[] { (byte)i }, ["Even"] = i % 2 == 0 })));
        }
    }
}
