using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Local.Durable;
using Mlops.Local.Durable.Client;
using Mlops.Local.Durable.Engine;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Tests.Durable;

/// <summary>A task hub in this process: engine, client, functions.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private Hub(DurableEngine engine, IDurableStore store, CodeFunctions functions)
    {
        Engine = engine;
        Store = store;
        Functions = functions;
        Client = new LocalDurableTaskClient(engine);
    }

    public DurableEngine Engine { get; }

    public IDurableStore Store { get; }

    public CodeFunctions Functions { get; }

    public LocalDurableTaskClient Client { get; }

    /// <summary>Starts a hub on a store in memory, or on the one given.</summary>
    public static async Task<Hub> StartAsync(Action<CodeFunctions> functions, TimeProvider? time = null, IDurableStore? store = null, DurableSettings? settings = null, ILoggerFactory? loggers = null)
    {
        var code = new CodeFunctions(JsonDataConverter.Default);
        functions(code);
        store ??= new MemoryDurableStore();
        var engine = new DurableEngine(store, code, JsonDataConverter.Default, settings ?? new DurableSettings(), time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        return new Hub(engine, store, code);
    }

    /// <summary>Starts an instance and waits for its end.</summary>
    public async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null)
        => await EndAsync(await Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, CancellationToken.None));

    /// <summary>Waits for an instance's end.</summary>
    public async Task<OrchestrationMetadata> EndAsync(string instanceId)
    {
        using var patience = new CancellationTokenSource(s_patience);
        return await Client.WaitForInstanceCompletionAsync(instanceId, true, patience.Token);
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, $"Not within {s_patience}: {what}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public static Task UntilAsync(Func<bool> condition, string what) => UntilAsync(() => Task.FromResult(condition()), what);

    /// <summary>Waits until an instance waits for a timer, and moves the clock.</summary>
    public async Task AdvanceAsync(ManualTime time, string instanceId, int timers, TimeSpan by)
    {
        await UntilAsync(async () => await Client.ReadHistoryAsync(instanceId, CancellationToken.None) is { } found
            && found.History.Count(record => record.Kind == Mlops.Local.Durable.History.HistoryKind.TimerCreated) >= timers, $"{timers} timer(s) of '{instanceId}'");
        time.Advance(by);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        await Engine.StopAsync(patience.Token);
        Engine.Dispose();
    }
}
