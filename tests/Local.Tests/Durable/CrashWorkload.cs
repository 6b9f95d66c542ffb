using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Mlops.Local.Tests.Durable;

/// <summary>A workload that uses everything, whose output and effects do not depend on how often it is interrupted.</summary>
internal static class CrashWorkload
{
    public const string Orchestrator = "Main";
    private const int Events = 6;

    public static void Define(CodeFunctions functions, IEffects effects) => functions
        .Orchestrator(Orchestrator, context => MainAsync(context))
        .Orchestrator("Child", async context =>
        {
            var n = context.GetInput<int>();
            var first = await context.CallActivityAsync<int>("Square", n);
            await context.CreateTimer(TimeSpan.FromMilliseconds(3), CancellationToken.None);
            return first + await context.CallActivityAsync<int>("Square", n + 100);
        })
        .Orchestrator("Collect", CollectAsync)
        .Activity<int, int>("Square", async (n, instance, _) =>
        {
            await effects.RecordAsync($"{instance}/square/{n}", (n * n).ToString(CultureInfo.InvariantCulture));
            return n * n;
        })
        .Activity<string, int>("Flaky", async (key, _, _) => await effects.CountAsync(key!) < 3 ? throw new TimeoutException("not yet") : 1);

    /// <summary>Approves every round of an instance until it has ended.</summary>
    public static async Task DriveAsync(DurableTaskClient client, string id, CancellationToken cancellation = default)
    {
        var approved = "";
        while (await client.GetInstanceAsync(id, true, cancellation) is { IsCompleted: false } instance)
        {
            if (instance.ReadCustomStatusAs<string>() is { } round && round != approved)
            {
                try
                {
                    await client.RaiseEventAsync(id, round, "yes", cancellation);
                    approved = round;
                }
                catch (InvalidOperationException)
                {
                    // It has just ended.
                }
            }

            await Task.Delay(2, cancellation);
        }
    }

    private static async Task<string> MainAsync(TaskOrchestrationContext context)
    {
        var (rounds, log) = context.GetInput<object>() is System.Text.Json.JsonElement { ValueKind: System.Text.Json.JsonValueKind.Number } number
            ? (number.GetInt32(), "")
            : Parse(context.GetInput<string>()!);

        // 1. Fan-out and fan-in.
        var squares = await Task.WhenAll(Enumerable.Range(1, 5).Select(i => context.CallActivityAsync<int>("Square", i + 10 * rounds)));
        log += $"squares {squares.Sum()};";

        // 2. Retries with durable timers.
        log += $"flaky {await context.CallActivityAsync<int>("Flaky", $"{context.InstanceId}-{rounds}", TaskOptions.FromRetryPolicy(new RetryPolicy(50, TimeSpan.FromMilliseconds(2))))};";

        // 3. Sub-orchestrations beside a timer.
        var timer = context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
        var children = await Task.WhenAll(Enumerable.Range(1, 2).Select(i => context.CallSubOrchestratorAsync<int>("Child", i)));
        await timer;
        log += $"children {string.Join("+", children)};";

        // 4. Events to an instance that continues as new after each of them.
        var collector = $"{context.InstanceId}-{rounds}-collect";
        var collected = context.CallSubOrchestratorAsync<string>("Collect", "", new TaskOptions().WithInstanceId(collector));
        await context.WaitForExternalEvent<string>($"ready-{rounds}");
        for (var i = 0; i < Events; i++)
        {
            context.SendEvent(collector, "item", i);
        }

        log += $"collected {await collected};";

        // 5. An event from outside, with a time limit that cannot be reached.
        context.SetCustomStatus($"round-{rounds}");
        log += $"approved {await context.WaitForExternalEvent<string>($"round-{rounds}", TimeSpan.FromHours(1))};";

        // 6. The next generation.
        if (rounds > 0)
        {
            context.ContinueAsNew($"{rounds - 1}|{log}");
        }

        return log;
    }

    private static async Task<string> CollectAsync(TaskOrchestrationContext context)
    {
        var soFar = context.GetInput<string>()!;
        if (soFar.Length == 0)
        {
            var round = context.InstanceId.Split('-')[^2];
            context.SendEvent(context.Parent!.InstanceId, $"ready-{round}", "");
        }

        soFar += await context.WaitForExternalEvent<int>("item");
        if (soFar.Length < Events)
        {
            context.ContinueAsNew(soFar);
        }

        return soFar;
    }

    private static (int Rounds, string Log) Parse(string state)
    {
        var bar = state.IndexOf('|', StringComparison.Ordinal);
        return (int.Parse(state[..bar], CultureInfo.InvariantCulture), state[(bar + 1)..]);
    }
}

/// <summary>What activities do to the world.</summary>
internal interface IEffects
{
    /// <summary>Records an effect under its key; once more changes nothing.</summary>
    Task RecordAsync(string key, string value);

    /// <summary>Counts calls.</summary>
    Task<int> CountAsync(string key);
}

/// <summary>Effects in memory.</summary>
internal sealed class EffectsInMemory : IEffects
{
    private readonly ConcurrentDictionary<string, string> _recorded = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public Task RecordAsync(string key, string value)
    {
        _recorded[key] = value;
        return Task.CompletedTask;
    }

    public Task<int> CountAsync(string key) => Task.FromResult(_counts.AddOrUpdate(key, 1, (_, n) => n + 1));

    // The children's ids differ from run to run, because time does; only what they did is compared.
    public string All() => string.Join("\n", _recorded.Select(e => e.Key[e.Key.IndexOf('/', StringComparison.Ordinal)..] + "=" + e.Value).Order(StringComparer.Ordinal));
}
