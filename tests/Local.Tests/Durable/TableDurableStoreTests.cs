using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Storage;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Durable;

/// <summary>The engine's store on a real Azurite.</summary>
public sealed class TableDurableStoreTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private static readonly DateTimeOffset s_start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private string _hub = "";

    [Fact]
    public async Task Commit_KeepsEveryField()
    {
        var (store, _) = await NewAsync();
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddTicks(9);
        HistoryRecord[] history =
        [
            new(HistoryKind.ExecutionStarted, now) { Name = "N", Payload = "\"in\"", DueAt = now.AddDays(1), Key = "a\nb" },
            new(HistoryKind.SubOrchestrationScheduled, now) { Id = 3, Name = "é'\"漢", Target = "t", Version = "1.2", Payload = "", Carried = true },
        ];
        var instance = Instance("id with ' and 漢 & %") with
        {
            Committed = 2, Status = OrchestrationRuntimeStatus.Failed, CreatedAt = now, LastUpdatedAt = now, CompletedAt = now, ScheduledStart = now, Version = "v",
            Tags = new Dictionary<string, string> { ["k"] = "v" }, ParentId = "p", ParentName = "pn", ParentKey = "1.2", Input = "i", Output = "o", CustomStatus = "c", Failure = "f", Active = false,
        };

        var stored = await store.CommitAsync(instance, history, s_none);
        var read = (await store.ReadAsync(instance.InstanceId, s_none))!;

        Assert.Equal(stored with { Tags = read.Tags }, read);
        Assert.Equal("v", read.Tags["k"]);
        Assert.Equal(history, await store.ReadHistoryAsync(read, s_none));
        Assert.Null(await store.ReadAsync("other", s_none));
    }

    [Fact]
    public async Task Commit_WithOldETag_IsAConflict_AndChangesNothing()
    {
        var (store, _) = await NewAsync();
        var first = await store.CommitAsync(Instance("x") with { Committed = 1 }, [Event("a")], s_none);
        await store.CommitAsync(first with { Committed = 2 }, [Event("b")], s_none);

        await Assert.ThrowsAsync<StoreConflictException>(() => store.CommitAsync(first with { Committed = 2, Output = "lost" }, [], s_none));
        await Assert.ThrowsAsync<StoreConflictException>(() => store.CommitAsync(Instance("x") with { Output = "lost" }, [], s_none));
        await Assert.ThrowsAsync<StoreConflictException>(() => store.DeleteAsync(first with { Committed = 0, ETag = "W/\"datetime'2000-01-01T00%3A00%3A00.0000000Z'\"" }, s_none));

        Assert.Null((await store.ReadAsync("x", s_none))!.Output.Inline);
    }

    [Fact]
    public async Task Records_OfACommitThatWasNotFinished_DoNotExist()
    {
        var (store, tables) = await NewAsync();
        var stored = await store.CommitAsync(Instance("x") with { Committed = 1 }, [Event("a")], s_none);
        var history = tables.GetTableClient(_hub + "History");
        var written = (await history.QueryAsync<TableEntity>(cancellationToken: s_none).ToListAsync(s_none)).Single();
        foreach (var index in new[] { 1, 2 })
        {
            await history.AddEntityAsync(new TableEntity(written) { RowKey = written.RowKey[..^1] + index, ["Name"] = "ghost" }, s_none);
        }

        Assert.Equal(["a"], (await store.ReadHistoryAsync(stored, s_none)).Select(record => record.Name));
        stored = await store.CommitAsync(stored with { Committed = 2 }, [Event("b")], s_none);
        Assert.Equal(["a", "b"], (await store.ReadHistoryAsync(stored, s_none)).Select(record => record.Name));
    }

    [Fact]
    public async Task Commit_OfATurnWithManyRecords_IsOneCommit()
    {
        var (store, _) = await NewAsync();
        var records = Enumerable.Range(0, 250).Select(i => Event($"e{i}")).ToList();

        var stored = await store.CommitAsync(Instance("x") with { Committed = 250 }, records, s_none);

        Assert.Equal(records, await store.ReadHistoryAsync(stored, s_none));
    }

    [Fact]
    public async Task LargePayloads_LieInBlobs_AndGoWithTheInstance()
    {
        var (store, tables, blobs) = await NewWithBlobsAsync();
        var small = new string('x', 20_000);
        var large = string.Concat(Enumerable.Range(0, 200_000).Select(i => (char)('a' + (i % 26))));
        var first = await store.CommitAsync(Instance("x") with { Committed = 3, Input = large }, [Event("a") with { Payload = large }, Event("b") with { Payload = small }, Event("c")], s_none);
        Assert.True(first.HasBlobs);
        Assert.Equal([large, small, null], (await store.ReadHistoryAsync(first, s_none)).Select(record => record.Payload));

        var second = await store.CommitAsync(first with { Generation = 2, Committed = 1, Input = "short", CustomStatus = large }, [Event("d") with { Payload = large }], s_none);
        await store.RemoveEarlierGenerationsAsync(second, s_none);
        Assert.Equal([large], (await store.ReadHistoryAsync(second, s_none)).Select(record => record.Payload));
        Assert.Equal(large, await store.LoadAsync((await store.ReadAsync("x", s_none))!.CustomStatus, s_none));
        Assert.Equal(2, await CountAsync(blobs));

        await store.DeleteAsync(second, s_none);
        Assert.Equal(0, await CountAsync(blobs));
        Assert.Null(await store.ReadAsync("x", s_none));
        foreach (var table in await TableNamesAsync(tables))
        {
            Assert.Empty(await tables.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: s_none).ToListAsync(s_none));
        }
    }

    [Fact]
    public async Task Query_FiltersByTimeStatusAndPrefix_AndPages()
    {
        var (store, _) = await NewAsync();
        for (var i = 0; i < 10; i++)
        {
            var ended = i % 2 == 0;
            await store.CommitAsync(
                Instance($"{(i < 7 ? "a" : "b")}{i}") with
                {
                    CreatedAt = s_start.AddDays(i), Status = ended ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Running, CompletedAt = ended ? s_start.AddDays(i + 1) : null, Active = !ended,
                },
                [],
                s_none);
        }

        Assert.Equal("a3 a4 a5", await IdsAsync(store, new InstanceFilter { CreatedFrom = s_start.AddDays(3), CreatedTo = s_start.AddDays(5) }));
        Assert.Equal("a0 a2 a4 a6 b8", await IdsAsync(store, new InstanceFilter { Statuses = [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed] }));
        Assert.Equal("b7 b8 b9", await IdsAsync(store, new InstanceFilter { InstanceIdPrefix = "b" }));
        Assert.Equal("a4 a6", await IdsAsync(store, new InstanceFilter { CompletedFrom = s_start.AddDays(5), CompletedTo = s_start.AddDays(7) }));
        Assert.Equal("a1 a3 a5 b7 b9", string.Join(" ", await store.ReadActiveAsync(s_none).Select(instance => instance.InstanceId).ToListAsync(s_none)));
    }

    [Fact]
    public async Task TwoProcesses_OnOneHub_DoNotSpoilEachOthersInstances()
    {
        var (store, tables, blobs, hub) = await NewHubAsync();
        await using var one = await StartAsync(store);
        await using var two = await StartAsync(new TableDurableStore(tables, blobs, hub));
        var id = await one.Client.ScheduleNewOrchestrationInstanceAsync("Sum", new StartOrchestrationOptions("shared"));
        await two.Client.WaitForInstanceStartAsync(id, s_none);

        await Task.WhenAll(Enumerable.Range(1, 10).Select(i => (i % 2 == 0 ? one : two).Client.RaiseEventAsync(id, "n", i, s_none)));

        Assert.Equal(55, (await one.EndAsync(id)).ReadOutputAs<int>());
        Assert.Equal(55, (await two.EndAsync(id)).ReadOutputAs<int>());

        static Task<Hub> StartAsync(IDurableStore store) => Hub.StartAsync(
            f => f.Orchestrator("Sum", async context =>
            {
                var sum = 0;
                for (var i = 0; i < 10; i++)
                {
                    sum += await context.WaitForExternalEvent<int>("n");
                }

                return sum;
            }),
            store: store,
            settings: new DurableSettings { SafetyPoll = TimeSpan.FromMilliseconds(200) });
    }

    [Fact]
    public async Task FanOutOfThreeHundred_WithLargeResults_Completes()
    {
        var (store, _) = await NewAsync();
        await using var hub = await Hub.StartAsync(
            f => f
                .Orchestrator("Wide", async context => (await Task.WhenAll(Enumerable.Range(0, 300).Select(i => context.CallActivityAsync<string>("Text", i)))).Sum(text => text.Length))
                .Activity<int, string>("Text", i => new string('x', i * 100)),
            store: store);

        Assert.Equal(300 * 299 / 2 * 100, (await hub.RunAsync("Wide")).ReadOutputAs<int>());
    }

    private static InstanceRecord Instance(string id) => new(id, "N") { Origin = "o", CreatedAt = s_start, LastUpdatedAt = s_start };

    private static HistoryRecord Event(string name) => new(HistoryKind.EventRaised, s_start) { Name = name };

    private static async Task<string> IdsAsync(IDurableStore store, InstanceFilter filter)
    {
        var ids = new List<string>();
        string? token = null;
        do
        {
            (var page, token) = await store.QueryAsync(filter, 2, token, s_none);
            Assert.True(page.Count <= 2);
            ids.AddRange(page.Select(instance => instance.InstanceId));
        }
        while (token is not null);
        return string.Join(" ", ids);
    }

    private static async Task<int> CountAsync(BlobContainerClient container) => await container.GetBlobsAsync(cancellationToken: s_none).CountAsync(s_none);

    private async Task<(IDurableStore Store, TableServiceClient Tables)> NewAsync()
    {
        var (store, tables, _, _) = await NewHubAsync();
        return (store, tables);
    }

    private async Task<(IDurableStore Store, TableServiceClient Tables, BlobContainerClient Blobs)> NewWithBlobsAsync()
    {
        var (store, tables, blobs, hub) = await NewHubAsync();
        return (store, tables, blobs.GetBlobContainerClient(hub.ToLowerInvariant() + "-largemessages"));
    }

    private async Task<(IDurableStore Store, TableServiceClient Tables, BlobServiceClient Blobs, string Hub)> NewHubAsync()
    {
        var hub = TestNames.Table("Hub");
        var tables = new TableServiceClient(azurite.ConnectionString);
        var blobs = new BlobServiceClient(azurite.ConnectionString);
        var store = new TableDurableStore(tables, blobs, hub);
        await store.PrepareAsync(s_none);
        _hub = hub;
        return (store, tables, blobs, hub);
    }

    private Task<List<string>> TableNamesAsync(TableServiceClient tables)
        => tables.QueryAsync(cancellationToken: s_none).Select(table => table.Name).Where(name => name.StartsWith(_hub, StringComparison.Ordinal)).ToListAsync(s_none).AsTask();
}
