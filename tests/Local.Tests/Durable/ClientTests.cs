using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable;

namespace Mlops.Local.Tests.Durable;

public sealed class ClientTests
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Fact]
    public async Task Schedule_WithIdOfRunningInstance_IsRefused_AndOfEndedOne_ReplacesIt()
    {
        await using var hub = await StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("one"));

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 2, new StartOrchestrationOptions("one")));
        await hub.Client.RaiseEventAsync("one", "go", "first");
        await hub.EndAsync("one");
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 3, new StartOrchestrationOptions("one"));
        await hub.Client.RaiseEventAsync("one", "go", "second");

        var end = await hub.EndAsync("one");
        Assert.Equal(("second", 3), (end.ReadOutputAs<string>(), end.ReadInputAs<int>()));
    }

    [Fact]
    public async Task Schedule_FiftyTimesAtOnceWithAllDedupeStatuses_StartsOne()
    {
        await using var hub = await StartAsync();
        var options = new StartOrchestrationOptions("once").WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);

        var starts = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            try
            {
                await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", i, options);
                return true;
            }
            catch (OrchestrationAlreadyExistsException)
            {
                return false;
            }
        }));

        Assert.Single(starts, started => started);
        await hub.EndAsync("once");
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 0, options));
    }

    [Fact]
    public async Task Schedule_WithEmptyDedupeStatuses_ReplacesARunningInstance()
    {
        await using var hub = await StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("x"));

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 2, new StartOrchestrationOptions("x").WithDedupeStatuses());

        Assert.Equal(2, (await hub.EndAsync("x")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Schedule_WithContradictingDedupeStatuses_IsRefused()
    {
        await using var hub = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions("x").WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated)));
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions("x") { DedupeStatuses = ["Nonsense"] }));
    }

    [Fact]
    public async Task Schedule_WhereHostJsonAllowsAnyState_ReplacesARunningInstance()
    {
        await using var hub = await StartAsync(settings: new DurableSettings { ReplaceRunning = true });
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("x"));

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 2, new StartOrchestrationOptions("x"));

        Assert.Equal(2, (await hub.EndAsync("x")).ReadOutputAs<int>());
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("@a")]
    [InlineData("a\nb")]
    [InlineData(" ")]
    public async Task Schedule_WithForbiddenId_IsRefused(string id)
    {
        await using var hub = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions(id)));
    }

    [Fact]
    public async Task Schedule_WithIdOf257Characters_IsRefused_AndOf256_Not()
    {
        await using var hub = await StartAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions(new string('x', 257))));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions(new string('x', 256)));
    }

    [Fact]
    public async Task Schedule_WithStartAt_IsPendingUntilThen()
    {
        var time = new ManualTime();
        await using var hub = await StartAsync(time);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", 1, new StartOrchestrationOptions(StartAt: time.GetUtcNow().AddHours(2)));

        time.Advance(TimeSpan.FromHours(1.9));
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync(id, s_none))!.RuntimeStatus);
        await hub.Client.SuspendInstanceAsync(id);
        await hub.Client.ResumeInstanceAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Pending, (await hub.Client.GetInstanceAsync(id, s_none))!.RuntimeStatus);
        time.Advance(TimeSpan.FromHours(0.1));

        Assert.Equal(1, (await hub.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task GetInstance_WithoutPayloads_HasNone_AndOfUnknown_IsNull()
    {
        await using var hub = await StartAsync();
        var id = (await hub.RunAsync("Echo", 1)).InstanceId;

        var instance = (await hub.Client.GetInstanceAsync(id, s_none))!;
        Assert.Null(instance.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => instance.ReadOutputAs<int>());
        Assert.Null(await hub.Client.GetInstanceAsync("unknown", s_none));
    }

    [Fact]
    public async Task Requests_ToUnknownOrEndedInstances_AreRefused()
    {
        await using var hub = await StartAsync();
        var ended = (await hub.RunAsync("Echo", 1)).InstanceId;

        foreach (var request in new Func<string, Task>[]
        {
            id => hub.Client.RaiseEventAsync(id, "e"),
            id => hub.Client.TerminateInstanceAsync(id),
            id => hub.Client.SuspendInstanceAsync(id),
            id => hub.Client.ResumeInstanceAsync(id),
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => request("unknown"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => request(ended));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.WaitForInstanceCompletionAsync("unknown", s_none));
    }

    [Fact]
    public async Task Suspend_HoldsTheOrchestrator_UntilResume()
    {
        await using var hub = await StartAsync();
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, s_none);
        await hub.Client.WaitForInstanceStartAsync(id, s_none);

        await hub.Client.SuspendInstanceAsync(id, "why");
        await hub.Client.RaiseEventAsync(id, "go", "x");
        Assert.Equal(OrchestrationRuntimeStatus.Suspended, (await hub.Client.GetInstanceAsync(id, s_none))!.RuntimeStatus);
        var turns = await TurnsAsync(hub, id);
        await hub.Client.ResumeInstanceAsync(id);

        Assert.Equal("x", (await hub.EndAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, turns);
        Assert.Equal(2, await TurnsAsync(hub, id));
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Terminate_EndsChildren_WhenRecursive(bool recursive, OrchestrationRuntimeStatus child)
    {
        await using var hub = await StartAsync();
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Nest", 2, new StartOrchestrationOptions("n2"));
        await Hub.UntilAsync(async () => (await hub.Client.GetInstanceAsync("n0", s_none))?.IsRunning == true, "the grandchild");

        await hub.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("out", recursive));

        Assert.Equal("out", (await hub.EndAsync(id)).ReadOutputAs<string>());
        await Hub.UntilAsync(async () => (await hub.Client.GetInstanceAsync("n0", s_none))!.RuntimeStatus == child, $"the grandchild {child}");
    }

    [Fact]
    public async Task Purge_RemovesEndedInstancesOnly()
    {
        await using var hub = await StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("w"));
        var ended = (await hub.RunAsync("Echo", 1)).InstanceId;

        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("w", s_none)).PurgedInstanceCount);
        Assert.Equal(0, (await hub.Client.PurgeInstanceAsync("unknown", s_none)).PurgedInstanceCount);
        Assert.Equal(1, (await hub.Client.PurgeInstanceAsync(ended, s_none)).PurgedInstanceCount);
        Assert.Null(await hub.Client.GetInstanceAsync(ended, s_none));
        Assert.NotNull(await hub.Client.GetInstanceAsync("w", s_none));
    }

    [Fact]
    public async Task Purge_Recursive_RemovesChildren()
    {
        await using var hub = await StartAsync();
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Nest", 2, new StartOrchestrationOptions("n2"));
        await Hub.UntilAsync(async () => (await hub.Client.GetInstanceAsync("n0", s_none))?.IsRunning == true, "the grandchild");
        await hub.Client.RaiseEventAsync("n0", "go", "x");
        await hub.EndAsync("n2");

        Assert.Equal(3, (await hub.Client.PurgeInstanceAsync("n2", new PurgeInstanceOptions(Recursive: true))).PurgedInstanceCount);
        Assert.Null(await hub.Client.GetInstanceAsync("n0", s_none));
    }

    [Fact]
    public async Task PurgeAll_TakesWhatTheFilterSays()
    {
        var time = new ManualTime();
        await using var hub = await StartAsync(time);
        await hub.RunAsync("Echo", 1);
        time.Advance(TimeSpan.FromMinutes(10));
        var late = (await hub.RunAsync("Echo", 2)).InstanceId;
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("w"));

        var purged = await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(CreatedTo: time.GetUtcNow().AddMinutes(-5)), s_none);

        Assert.Equal((1, true), (purged.PurgedInstanceCount, purged.IsComplete));
        Assert.NotNull(await hub.Client.GetInstanceAsync(late, s_none));
        Assert.Equal(0, (await hub.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Running]), s_none)).PurgedInstanceCount);
    }

    [Fact]
    public async Task Restart_RunsAgainWithTheSameInput()
    {
        await using var hub = await StartAsync();
        var id = (await hub.RunAsync("Echo", 5)).InstanceId;

        Assert.Equal(id, await hub.Client.RestartAsync(id));
        await hub.EndAsync(id);
        var other = await hub.Client.RestartAsync(id, restartWithNewInstanceId: true);

        Assert.NotEqual(id, other);
        Assert.Equal(5, (await hub.EndAsync(other)).ReadOutputAs<int>());
        await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.RestartAsync("unknown"));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 1, new StartOrchestrationOptions("w"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => hub.Client.RestartAsync("w"));
    }

    [Fact]
    public async Task GetAllInstances_PagesAndFilters()
    {
        await using var hub = await StartAsync();
        for (var i = 0; i < 7; i++)
        {
            await hub.Client.ScheduleNewOrchestrationInstanceAsync("Echo", i, new StartOrchestrationOptions($"a{i}"));
            await hub.EndAsync($"a{i}");
        }

        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", 0, new StartOrchestrationOptions("b"));
        await hub.Client.WaitForInstanceStartAsync("b", s_none);

        var pages = new List<int>();
        await foreach (var page in hub.Client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: "a", PageSize: 3, FetchInputsAndOutputs: true)).AsPages())
        {
            Assert.All(page.Values, instance => Assert.Equal(instance.InstanceId, "a" + instance.ReadOutputAs<int>()));
            pages.Add(page.Values.Count);
        }

        Assert.Equal([3, 3, 1], pages);
        Assert.Equal(["b"], await IdsAsync(hub.Client.GetAllInstancesAsync(new OrchestrationQuery(Statuses: [OrchestrationRuntimeStatus.Running]))));
        Assert.Empty(await IdsAsync(hub.Client.GetAllInstancesAsync(new OrchestrationQuery(TaskHubNames: ["other"]))));
        Assert.Equal(8, (await IdsAsync(hub.Client.GetAllInstancesAsync())).Count);
        Assert.Equal(7, (await hub.Client.ListInstanceIdsAsync()).Values.Count);
    }

    private static async Task<List<string>> IdsAsync(AsyncPageable<OrchestrationMetadata> query)
    {
        var ids = new List<string>();
        await foreach (var instance in query)
        {
            ids.Add(instance.InstanceId);
        }

        return ids;
    }

    private static async Task<int> TurnsAsync(Hub hub, string id)
        => (await hub.Client.ReadHistoryAsync(id, s_none))!.Value.History.Count(record => record.Kind == Mlops.Local.Durable.History.HistoryKind.TurnStarted);

    private static Task<Hub> StartAsync(TimeProvider? time = null, DurableSettings? settings = null) => Hub.StartAsync(
        f => f
            .Orchestrator("Echo", context => Task.FromResult(context.GetInput<int>()))
            .Orchestrator("Wait", async context => await context.WaitForExternalEvent<string>("go"))
            .Orchestrator("Nest", async context => context.GetInput<int>() is var n && n == 0
                ? await context.WaitForExternalEvent<string>("go")
                : await context.CallSubOrchestratorAsync<string>("Nest", n - 1, new TaskOptions().WithInstanceId($"n{n - 1}"))),
        time,
        settings: settings);
}
