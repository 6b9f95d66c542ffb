using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Mlops.Local.Tests.Durable;

public sealed class DeterminismTests
{
    public static TheoryData<string, string, string> Changes => new()
    {
        { "other name", "the activity 'A'", "the activity 'B'" },
        { "other kind", "the activity 'A'", "a timer" },
        { "sub-orchestration", "the activity 'A'", "the sub-orchestration 'A'" },
        { "call removed", "the activity 'A'", "no such call at this point" },
        { "call added", "no further call at this point", "the activity 'B'" },
        { "return", "the activity 'A'", "the orchestrator's return" },
        { "swallowed", "the activity 'A'", "the activity 'B'" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task ChangedCode_FailsTheInstance_NamingExpectedAndActualCall(string change, string expected, string actual)
    {
        var store = new MemoryDurableStore();
        string id;
        await using (var before = await Hub.StartAsync(
            f => f.Orchestrator("Changing", async context =>
            {
                await context.WaitForExternalEvent<object>("start");
                await context.CallActivityAsync("A");
                return await context.WaitForExternalEvent<string>("go");
            }).Activity<object, int>("A", _ => 1),
            store: store))
        {
            id = await before.Client.ScheduleNewOrchestrationInstanceAsync("Changing", CancellationToken.None);
            await before.Client.WaitForInstanceStartAsync(id, CancellationToken.None);
            await before.Client.RaiseEventAsync(id, "start");
            await Hub.UntilAsync(async () => (await before.Client.ReadHistoryAsync(id, CancellationToken.None))!.Value.History.Count(r => r.Kind == Mlops.Local.Durable.History.HistoryKind.TurnStarted) == 3, "three turns");
        }

        await using var after = await Hub.StartAsync(
            f => f.Orchestrator("Changing", async context =>
            {
                await context.WaitForExternalEvent<object>("start");
                switch (change)
                {
                    case "other name":
                        await context.CallActivityAsync("B");
                        break;
                    case "other kind":
                        await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                        break;
                    case "sub-orchestration":
                        await context.CallSubOrchestratorAsync("A");
                        break;
                    case "call added":
                        await Task.WhenAll(context.CallActivityAsync("A"), context.CallActivityAsync("B"));
                        break;
                    case "return":
                        return "early";
                    case "swallowed":
                        try
                        {
                            await context.CallActivityAsync("B");
                        }
                        catch (Exception)
                        {
                            // An orchestrator that catches everything must not hide the difference.
                        }

                        break;
                }

                return await context.WaitForExternalEvent<string>("go");
            }).Activity<object, int>("A", _ => 1).Activity<object, int>("B", _ => 1),
            store: store);
        await after.Client.RaiseEventAsync(id, "go", "x");

        var end = await after.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", end.FailureDetails!.ErrorType);
        Assert.Contains($"was {expected} when the history was written (expected); on replay the code made {actual} (actual)", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnchangedCode_OnANewHost_GoesOn()
    {
        var store = new MemoryDurableStore();
        string id;
        await using (var before = await Hub.StartAsync(f => Define(f), store: store))
        {
            id = await before.Client.ScheduleNewOrchestrationInstanceAsync("Same", CancellationToken.None);
            await Hub.UntilAsync(async () => (await before.Client.ReadHistoryAsync(id, CancellationToken.None))!.Value.History.Any(r => r.Kind == Mlops.Local.Durable.History.HistoryKind.TaskCompleted), "the activity");
        }

        await using var after = await Hub.StartAsync(f => Define(f), store: store);
        await after.Client.RaiseEventAsync(id, "go", "x");
        Assert.Equal("1x", (await after.EndAsync(id)).ReadOutputAs<string>());

        static void Define(CodeFunctions f) => f
            .Orchestrator("Same", async context => await context.CallActivityAsync<int>("A") + await context.WaitForExternalEvent<string>("go"))
            .Activity<object, int>("A", _ => 1);
    }

    [Theory]
    [InlineData("Task.Delay")]
    [InlineData("Task.Run")]
    [InlineData("never")]
    [InlineData("Task.Run beside a timer")]
    [InlineData("other thread")]
    public async Task AwaitOfSomethingNotDurable_FailsTheInstanceClearly(string what)
    {
        var turnIsOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Illegal", async context =>
        {
            switch (what)
            {
                case "Task.Delay":
                    await Task.Delay(TimeSpan.FromMinutes(1));
                    break;
                case "Task.Run":
                    await Task.Run(() => turnIsOver.Task);
                    break;
                case "never":
                    await new TaskCompletionSource().Task;
                    break;
                case "Task.Run beside a timer":
                    _ = context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
                    await Task.Run(() => turnIsOver.Task);
                    break;
                case "other thread":
                    var waiting = context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
                    Task.Run(() => context.CallActivityAsync("A")).GetAwaiter().GetResult();
                    await waiting;
                    break;
            }

            return 0;
        }).Activity<object, int>("A", _ => 1));

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Illegal", CancellationToken.None);
        await hub.Client.WaitForInstanceStartAsync(id, CancellationToken.None);
        turnIsOver.SetResult();
        var end = await hub.EndAsync(id);

        Assert.Equal(typeof(InvalidOperationException).FullName, end.FailureDetails!.ErrorType);
        Assert.Contains("non-orchestrator thread", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TaskYieldAndCompletedTasks_AreAllowed()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Yield", async context =>
        {
            await Task.Yield();
            await Task.CompletedTask;
            await context.CallActivityAsync("A");
            await Task.Yield();
            return 1;
        }).Activity<object, int>("A", _ => 1));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await hub.RunAsync("Yield")).RuntimeStatus);
    }
}
