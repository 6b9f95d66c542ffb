using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Inference;
using Mlops.Storage;
using Mlops.Storage.Inference;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.Functions.Tests.Inference;

public class PredictionLogWriterTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 9, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Write_IsInTheLog_OnceASecondIsOver()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        PredictionLog log = new(connection);
        Second time = new();
        using PredictionLogWriter writer = new(log, new TrafficStore(connection), time, NullLogger<PredictionLogWriter>.Instance);
        await writer.StartAsync(CancellationToken.None);
        PredictionId id = PredictionId.New(TestNames.Model(), 1, s_now);
        await writer.WriteAsync(id.Model, [new PredictionRecord(id.ToString(), s_now, 1, null, new JsonObject { ["x"] = 1 }, "yes", [1])], CancellationToken.None);
        Assert.Null(await log.FindAsync(id, CancellationToken.None));

        await time.PassAsync();

        await Eventually.HoldsAsync("the prediction is in the log", async () => await log.FindAsync(id, CancellationToken.None) is not null);
        await writer.StopAsync(CancellationToken.None);
    }

    /// <summary>A clock whose timers of a second go off when a test says so, and no others.</summary>
    private sealed class Second : TimeProvider
    {
        private readonly TaskCompletionSource<Action> _tick = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task PassAsync() => (await _tick.Task)();

        public override DateTimeOffset GetUtcNow() => s_now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.FromSeconds(1))
            {
                _tick.TrySetResult(() => callback(state));
            }

            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
