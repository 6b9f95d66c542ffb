using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Mlops.Local.Tests.Durable;

public sealed class EventTests
{
    [Fact]
    public async Task Events_RaisedBeforeAnybodyWaits_AreBufferedInOrder()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Buffer", async context =>
        {
            await context.WaitForExternalEvent<object>("go");
            var got = new List<int>();
            for (var i = 0; i < 3; i++)
            {
                got.Add(await context.WaitForExternalEvent<int>("NUMBER"));
            }

            return string.Join(",", got);
        }));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Buffer", CancellationToken.None);

        for (var i = 1; i <= 3; i++)
        {
            await hub.Client.RaiseEventAsync(id, "Number", i);
        }

        await hub.Client.RaiseEventAsync(id, "go");
        Assert.Equal("1,2,3", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Event_WithSeveralWaiters_GoesToTheNewest()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Newest", async context =>
        {
            var old = context.WaitForExternalEvent<string>("e");
            var young = context.WaitForExternalEvent<string>("e");
            var first = await Task.WhenAny(old, young);
            return $"{first == young} {await first}, then {await old}";
        }));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Newest", CancellationToken.None);

        // Events that come before it waits are buffered, which is another matter.
        await hub.Client.WaitForInstanceStartAsync(id, CancellationToken.None);
        await hub.Client.RaiseEventAsync(id, "e", "a");
        await hub.Client.RaiseEventAsync(id, "e", "b");

        Assert.Equal("True a, then b", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_WithTimeout_ThrowsWhenTimeIsOver()
    {
        var time = new ManualTime();
        await using var hub = await Hub.StartAsync(
            f => f.Orchestrator("Timeout", async context =>
            {
                try
                {
                    return await context.WaitForExternalEvent<string>("e", TimeSpan.FromHours(1));
                }
                catch (TaskCanceledException)
                {
                    // An event that comes later is not lost on the abandoned waiter.
                    return "timeout, then " + await context.WaitForExternalEvent<string>("e");
                }
            }),
            time);
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Timeout", CancellationToken.None);

        await hub.AdvanceAsync(time, id, 1, TimeSpan.FromHours(1));
        await Hub.UntilAsync(async () => (await hub.Client.ReadHistoryAsync(id, CancellationToken.None))!.Value.History.Any(r => r.Kind == Mlops.Local.Durable.History.HistoryKind.TimerFired), "the timer");
        await hub.Client.RaiseEventAsync(id, "e", "late");

        Assert.Equal("timeout, then late", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_WithTimeout_GivesTheEventThatComesInTime()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("InTime", async context => await context.WaitForExternalEvent<string>("e", TimeSpan.FromDays(1))));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("InTime", CancellationToken.None);

        await hub.Client.RaiseEventAsync(id, "E", "here");

        Assert.Equal("here", (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task SendEvent_ReachesAnotherInstanceInOrder()
    {
        await using var hub = await Hub.StartAsync(f => f
            .Orchestrator("Receiver", async context =>
            {
                var got = new List<int>();
                while (got.Count < 20)
                {
                    got.Add(await context.WaitForExternalEvent<int>("n"));
                }

                return string.Join(",", got);
            })
            .Orchestrator("Sender", context =>
            {
                for (var i = 0; i < 20; i++)
                {
                    context.SendEvent("receiver", "n", i);
                }

                context.SendEvent("nobody", "n", 0);
                return Task.FromResult(0);
            }));
        await hub.Client.ScheduleNewOrchestrationInstanceAsync("Receiver", new StartOrchestrationOptions("receiver"));

        await hub.RunAsync("Sender");

        Assert.Equal(string.Join(",", Enumerable.Range(0, 20)), (await hub.EndAsync("receiver")).ReadOutputAs<string>());
    }

    [Theory]
    [InlineData(true, "kept")]
    [InlineData(false, "fresh")]
    public async Task ContinueAsNew_KeepsUnprocessedEvents_WhenAsked(bool keep, string expected)
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Again", async context =>
        {
            if (context.GetInput<int>() == 0)
            {
                await context.WaitForExternalEvent<object>("go");
                context.ContinueAsNew(1, keep);
                return "";
            }

            context.SetCustomStatus("second");
            return await context.WaitForExternalEvent<string>("e");
        }));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Again", CancellationToken.None);

        await hub.Client.RaiseEventAsync(id, "e", "kept");
        await hub.Client.RaiseEventAsync(id, "go");
        if (!keep)
        {
            await Hub.UntilAsync(async () => (await hub.Client.GetInstanceAsync(id, true))!.SerializedCustomStatus == "\"second\"", "the second generation");
            await hub.Client.RaiseEventAsync(id, "e", "fresh");
        }

        Assert.Equal(expected, (await hub.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Event_ThatIsNotOfTheTypeAwaited_FailsTheInstance()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Typed", async context => await context.WaitForExternalEvent<int>("e")));
        var id = await hub.Client.ScheduleNewOrchestrationInstanceAsync("Typed", CancellationToken.None);

        await hub.Client.RaiseEventAsync(id, "e", "no number");

        Assert.Equal("System.Text.Json.JsonException", (await hub.EndAsync(id)).FailureDetails!.ErrorType);
    }

    [Fact]
    public async Task Waiters_OfOneEvent_MustAgreeOnItsType()
    {
        await using var hub = await Hub.StartAsync(f => f.Orchestrator("Types", async context =>
        {
            _ = context.WaitForExternalEvent<int>("e");
            return await context.WaitForExternalEvent<string>("E");
        }));

        Assert.Contains("same type", (await hub.RunAsync("Types")).FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }
}
