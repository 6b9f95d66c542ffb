using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable;

namespace Mlops.Local.Tests.Durable;

public sealed class EngineTests
{
    [Fact]
    public async Task Orchestrator_CallingActivities_GetsTheirResults()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Chain", async context =>
            {
                var sum = context.GetInput<int>();
                for (var i = 0; i < 3; i++)
                {
                    sum = await context.CallActivityAsync<int>("Double", sum);
                }

                return sum;
            })
            .Activity<int, int>("Double", n => 2 * n));

        var end = await hub.RunAsync("Chain", 5);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(40, end.ReadOutputAs<int>());
        Assert.Equal(5, end.ReadInputAs<int>());
    }

    [Fact]
    public async Task FanOut_RunsActivitiesInParallel_UpToTheLimit()
    {
        var running = 0;
        var peak = 0;
        var three = new TaskCompletionSource();
        await using var hub = await Hub.StartAsync(
            f => f
                .Orchestrator("Fan", async context => (await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync<int>("Work", i)))).Sum())
                .Activity<int, int>("Work", async (n, _, cancellation) =>
                {
                    var now = Interlocked.Increment(ref running);
                    InterlockedMax(ref peak, now);
                    if (now == 3)
                    {
                        three.TrySetResult();
                    }

                    // None ends before three run side by side; the delay leaves a fourth time to start.
                    await three.Task.WaitAsync(cancellation);
                    await Task.Delay(10, cancellation);
                    Interlocked.Decrement(ref running);
                    return n;
                }),
            settings: new DurableSettings { MaxConcurrentActivities = 3 });

        var end = await hub.RunAsync("Fan");

        Assert.Equal(190, end.ReadOutputAs<int>());
        Assert.Equal(3, peak);
    }

    [Fact]
    public async Task WhenAny_OfActivities_GivesTheFirst()
    {
        var release = new TaskCompletionSource();
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Race", async context =>
            {
                var slow = context.CallActivityAsync<string>("Slow");
                var fast = context.CallActivityAsync<string>("Fast");
                return await await Task.WhenAny(slow, fast);
            })
            .Activity<object, string>("Slow", async (_, _, cancellation) =>
            {
                await release.Task.WaitAsync(cancellation);
                return "slow";
            })
            .Activity<object, string>("Fast", _ => "fast"));

        var end = await hub.RunAsync("Race");
        release.SetResult();

        Assert.Equal("fast", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Activity_ThatFails_GivesTaskFailedExceptionWithItsCause()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Catch", async context =>
            {
                try
                {
                    await context.CallActivityAsync("Fail");
                    return "no failure";
                }
                catch (TaskFailedException e) when (e.FailureDetails.IsCausedBy<ArgumentException>())
                {
                    return $"{e.TaskName} #{e.TaskId}: {e.FailureDetails.ErrorMessage}; inner {e.FailureDetails.InnerFailure!.ErrorMessage}";
                }
            })
            .Activity<object, int>("Fail", _ => throw new ArgumentException("bad", new InvalidOperationException("deep"))));

        var end = await hub.RunAsync("Catch");

        Assert.Equal("Fail #0: bad; inner deep", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Orchestrator_ThatThrows_IsFailedWithDetails()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator<int>("Throw", async context => await context.CallActivityAsync<int>("Fail"))
            .Activity<object, int>("Fail", _ => throw new InvalidOperationException("broken")));

        var end = await hub.RunAsync("Throw");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(typeof(TaskFailedException).FullName, end.FailureDetails!.ErrorType);
        Assert.True(end.FailureDetails.InnerFailure!.IsCausedBy<InvalidOperationException>());
        Assert.Contains("broken", end.FailureDetails.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_OfUnknownActivity_FailsWithoutRetry()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator<int>("Lost", async context =>
            await context.CallActivityAsync<int>("Nowhere", options: TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1))))));

        var end = await hub.RunAsync("Lost");

        Assert.Contains("The function 'Nowhere' doesn't exist", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RetryPolicy_WaitsWithBackOff_UntilTheActivitySucceeds()
    {
        var time = new ManualTime();
        var attempts = new List<DateTimeOffset>();
        await using var hub = await Hub.StartAsync(
            f => f
                .Orchestrator("Retry", async context => await context.CallActivityAsync<int>("Flaky", options: TaskOptions.FromRetryPolicy(
                    new RetryPolicy(4, TimeSpan.FromSeconds(10), backoffCoefficient: 3, maxRetryInterval: TimeSpan.FromSeconds(40)))))
                .Activity<object, int>("Flaky", _ =>
                {
                    attempts.Add(time.GetUtcNow());
                    return attempts.Count < 4 ? throw new TimeoutException("not yet") : 7;
                }),
            time);

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Retry", CancellationToken.None);
        await hub.AdvanceAsync(time, id, 1, TimeSpan.FromSeconds(10));
        await hub.AdvanceAsync(time, id, 2, TimeSpan.FromSeconds(30));
        await hub.AdvanceAsync(time, id, 3, TimeSpan.FromSeconds(40));
        var end = await hub.EndAsync(id);

        Assert.Equal(7, end.ReadOutputAs<int>());
        Assert.Equal([10, 30, 40], attempts.Zip(attempts.Skip(1), (a, b) => (int)(b - a).TotalSeconds));
    }

    [Fact]
    public async Task RetryPolicy_GivesUp_AfterItsAttemptsOrTimeOrFilter()
    {
        var attempts = 0;
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("GiveUp", async context =>
            {
                var results = new List<int>();
                foreach (var policy in new[]
                {
                    new RetryPolicy(3, TimeSpan.FromMilliseconds(1)),
                    new RetryPolicy(9, TimeSpan.FromMilliseconds(1)) { HandleFailure = failure => failure.ErrorMessage == "again" && failure.IsCausedBy<TimeoutException>() },
                })
                {
                    try
                    {
                        await context.CallActivityAsync("Fail", options: TaskOptions.FromRetryPolicy(policy));
                    }
                    catch (TaskFailedException)
                    {
                        results.Add(await context.CallActivityAsync<int>("Count"));
                    }
                }

                return string.Join(",", results);
            })
            .Activity<object, int>("Fail", _ => throw new InvalidOperationException($"no {++attempts}"))
            .Activity<object, int>("Count", _ => attempts));

        var end = await hub.RunAsync("GiveUp");

        Assert.Equal("3,4", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task RetryTimeout_EndsRetries()
    {
        var time = new ManualTime();
        var attempts = 0;
        await using var hub = await Hub.StartAsync(
            f => f
                .Orchestrator<int>("Limited", async context => await context.CallActivityAsync<int>("Fail", options: TaskOptions.FromRetryPolicy(
                    new RetryPolicy(100, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(15)))))
                .Activity<object, int>("Fail", _ => throw new InvalidOperationException($"no {++attempts}")),
            time);

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Limited", CancellationToken.None);
        await hub.AdvanceAsync(time, id, 1, TimeSpan.FromSeconds(10));
        await hub.AdvanceAsync(time, id, 2, TimeSpan.FromSeconds(10));
        var end = await hub.EndAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task RetryHandler_DecidesAndMayWait()
    {
        var attempts = 0;
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Handled", async context => await context.CallActivityAsync<int>("Flaky", options: TaskOptions.FromRetryHandler(async retry =>
            {
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
                return retry.LastAttemptNumber < 5 && retry.LastFailure.IsCausedBy<TimeoutException>();
            })))
            .Activity<object, int>("Flaky", _ => ++attempts < 3 ? throw new TimeoutException() : attempts));

        var end = await hub.RunAsync("Handled");

        Assert.Equal(3, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Timer_OfNinetyDays_FiresAtItsTime()
    {
        var time = new ManualTime();
        await using var hub = await Hub.StartAsync(
            f => f.Orchestrator("Long", async context =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromDays(90), CancellationToken.None);
                return (context.CurrentUtcDateTime - before).TotalDays;
            }),
            time);

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Long", CancellationToken.None);
        await hub.AdvanceAsync(time, id, 1, TimeSpan.FromDays(89));
        Assert.True((await hub.Client.GetInstanceAsync(id, CancellationToken.None))!.IsRunning);
        time.Advance(TimeSpan.FromDays(1));

        Assert.Equal(90, (await hub.EndAsync(id)).ReadOutputAs<double>());
    }

    [Fact]
    public async Task Timer_Cancelled_ThrowsTaskCanceledException()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Cancel", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancel.Token);
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            cancel.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        }));

        Assert.Equal("cancelled", (await hub.RunAsync("Cancel")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_GivesItsResultAndKnowsItsParent()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Child", 3, new TaskOptions().WithInstanceId("child-1")))
            .Orchestrator("Child", context => Task.FromResult($"{context.InstanceId} of {context.Parent!.Name} {context.Parent.InstanceId} got {context.GetInput<int>()}")));

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("parent-1"));

        Assert.Equal("child-1 of Parent parent-1 got 3", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SubOrchestration_ThatFails_IsRetriedUnderTheSameId()
    {
        var attempts = 0;
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Child", options: TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1))).WithInstanceId("again")))
            .Orchestrator("Child", async context => await context.CallActivityAsync<int>("Flaky"))
            .Activity<object, int>("Flaky", _ => ++attempts < 3 ? throw new TimeoutException() : attempts));

        Assert.Equal(3, (await hub.RunAsync("Parent")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task SubOrchestration_WithIdOfRunningInstance_Fails()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Wait", options: new TaskOptions().WithInstanceId("taken")))
            .Orchestrator("Wait", async context => await context.WaitForExternalEvent<int>("never")));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("taken"));

        var end = await hub.RunAsync("Parent");

        Assert.Contains("'taken' exists already", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueAsNew_StartsAgainWithNewInput()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Count", async context =>
            {
                var n = context.GetInput<int>();
                await context.CallActivityAsync("Nothing");
                if (n < 5)
                {
                    context.ContinueAsNew(n + 1);
                }

                return n;
            })
            .Activity<object, object?>("Nothing", _ => null));

        var end = await hub.RunAsync("Count", 0);

        Assert.Equal(5, end.ReadOutputAs<int>());
        Assert.Equal(5, end.ReadInputAs<int>());
        var (_, history) = (await hub.Client.ReadHistoryAsync(end.InstanceId, CancellationToken.None))!.Value;
        Assert.Single(history, record => record.Kind == Mlops.Local.Durable.History.HistoryKind.TaskScheduled);
    }

    [Fact]
    public async Task ContinueAsNew_InAnEndlessLoop_StillTakesMessages()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Forever", context =>
        {
            context.ContinueAsNew();
            return Task.FromResult(0);
        }));

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Forever", CancellationToken.None);
        await hub.Client.TerminateInstanceAsync(id, (object)"enough");

        var end = await hub.EndAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Version_ComesFromStartAndMayChangeWithContinueAsNew()
    {
        await using var hub = await Hub.StartAsync(
            f => f.Orchestrator("Versioned", context =>
            {
                if (context.CompareVersionTo("2.0") < 0)
                {
                    context.ContinueAsNew(new ContinueAsNewOptions { NewInput = context.Version, NewVersion = "2.10" });
                }

                return Task.FromResult($"{context.GetInput<string>()} then {context.Version}");
            }),
            settings: new DurableSettings { DefaultVersion = "1.0" });

        Assert.Equal("1.0 then 2.10", (await hub.RunAsync("Versioned")).ReadOutputAs<string>());
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Versioned", new StartOrchestrationOptions { Version = "3" });
        Assert.Equal(" then 3", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task NewGuid_IsTheSameOnReplayAndDifferentEachTime()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Guids", async context =>
            {
                var first = context.NewGuid();
                var second = context.NewGuid();
                var echoed = await context.CallActivityAsync<Guid>("Echo", first);
                var third = context.NewGuid();
                await context.CallActivityAsync<Guid>("Echo", third);
                return $"{first == echoed},{first != second && second != third && first != third},{first.Version}";
            })
            .Activity<Guid, Guid>("Echo", g => g));

        Assert.Equal("True,True,5", (await hub.RunAsync("Guids")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task IsReplaying_IsFalseExactlyOnceForEachStep()
    {
        var seen = new List<string>();
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Steps", async context =>
            {
                Note("a");
                await context.CallActivityAsync("Nothing");
                Note("b");
                await context.CallActivityAsync("Nothing");
                Note("c");
                return 0;

                void Note(string step)
                {
                    if (!context.IsReplaying)
                    {
                        seen.Add(step);
                    }
                }
            })
            .Activity<object, object?>("Nothing", _ => null));

        await hub.RunAsync("Steps");

        Assert.Equal(["a", "b", "c"], seen);
    }

    [Fact]
    public async Task CustomStatus_CanBeReadWhileRunning()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Status", async context =>
        {
            context.SetCustomStatus(new { step = 1 });
            await context.WaitForExternalEvent<object>("go");
            context.SetCustomStatus("done");
            return 0;
        }));

        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Status", CancellationToken.None);
        var running = await hub.Client.WaitForInstanceStartAsync(id, true, CancellationToken.None);
        Assert.Equal("""{"step":1}""", running.SerializedCustomStatus);
        await hub.Client.RaiseEventAsync(id, "go");

        Assert.Equal("done", (await hub.EndAsync(id)).ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task Actions_BeyondTheLimit_FailTheInstance()
    {
        await using var hub = await Hub.StartAsync(
            f => f.Orchestrator("Many", async context =>
            {
                await Task.WhenAll(Enumerable.Range(0, 11).Select(_ => context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None)));
                return 0;
            }),
            settings: new DurableSettings { MaxActions = 10 });

        Assert.Contains("maxOrchestrationActions", (await hub.RunAsync("Many")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_PassedAsInput_AreRefused()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator<int>("Trap", async context => await context.CallActivityAsync<int>("Any", (object)new TaskOptions())));

        Assert.Contains("Name the argument", (await hub.RunAsync("Trap")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OfUnknownOrchestrator_IsRefused()
    {
        await using var hub = await Hub.StartAsync(_ => { });

        var e = await Assert.ThrowsAsync<ArgumentException>(() => hub.Client.ScheduleNewOrchestrationInstanceAsync("Nowhere", CancellationToken.None));
        Assert.Contains("'Nowhere'", e.Message, StringComparison.Ordinal);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
