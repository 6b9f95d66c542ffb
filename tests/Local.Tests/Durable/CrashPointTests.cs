using Mlops.Local.Durable;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Tests.Durable;

/// <summary>A crash at each single commit of a run: before it, and after it with the answer lost.</summary>
public sealed class CrashPointTests
{
    [Fact]
    public async Task CrashAtAnyCommit_ThenRestart_EndsAsAnUndisturbedRun()
    {
        var (expected, effects, commits) = await RunAsync(int.MaxValue, false);

        Assert.True(commits > 20, $"the workload has only {commits} commits");
        var points = Enumerable.Range(1, commits).SelectMany(at => new[] { (At: at, After: false), (At: at, After: true) });
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (point, _) =>
        {
            var (output, seen, _) = await RunAsync(point.At, point.After);

            Assert.True(expected == output, $"crash {(point.After ? "after" : "before")} commit {point.At}: {output} instead of {expected}");
            Assert.Equal(effects, seen);
        });
    }

    [Fact]
    public async Task CommitThatFailsOnceInAWhile_IsTriedAgain()
    {
        var (expected, effects, _) = await RunAsync(int.MaxValue, false);
        var store = new MemoryDurableStore();
        var count = 0;
        store.BeforeCommit = (_, _) => Fail(3);
        store.AfterCommit = (_, _) => Fail(5);
        var seen = new EffectsInMemory();
        await using var hub = await Hub.StartAsync(f => CrashWorkload.Define(f, seen), store: store);

        await hub.Client.ScheduleNewOrchestrationInstanceAsync(CrashWorkload.Orchestrator, 0, new Microsoft.DurableTask.StartOrchestrationOptions("main"));
        await CrashWorkload.DriveAsync(hub.Client, "main");

        Assert.Equal(expected, (await hub.EndAsync("main")).SerializedOutput);
        Assert.Equal(effects, seen.All());

        void Fail(int every)
        {
            if (Interlocked.Increment(ref count) % every == 0)
            {
                throw new IOException("the store is away");
            }
        }
    }

    private static async Task<(string? Output, string Effects, int Commits)> RunAsync(int crashAt, bool after)
    {
        var store = new MemoryDurableStore();
        var effects = new EffectsInMemory();
        var first = new MortalStore(store, crashAt, after);
        await using (var hub = await Hub.StartAsync(f => CrashWorkload.Define(f, effects), store: first, settings: new DurableSettings { SafetyPoll = TimeSpan.FromMilliseconds(50) }))
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(first.Dead);
            try
            {
                await hub.Client.ScheduleNewOrchestrationInstanceAsync(CrashWorkload.Orchestrator, 0, new Microsoft.DurableTask.StartOrchestrationOptions("main"), end.Token);
                await CrashWorkload.DriveAsync(hub.Client, "main", end.Token);
                return ((await hub.Client.WaitForInstanceCompletionAsync("main", true, end.Token)).SerializedOutput, effects.All(), store.Commits);
            }
            catch (Exception) when (first.Dead.IsCancellationRequested)
            {
                // The crash.
            }
        }

        await using var second = await Hub.StartAsync(f => CrashWorkload.Define(f, effects), store: store);
        if (await second.Client.GetInstanceAsync("main", CancellationToken.None) is null)
        {
            await second.Client.ScheduleNewOrchestrationInstanceAsync(CrashWorkload.Orchestrator, 0, new Microsoft.DurableTask.StartOrchestrationOptions("main"));
        }

        await CrashWorkload.DriveAsync(second.Client, "main");
        return ((await second.EndAsync("main")).SerializedOutput, effects.All(), store.Commits);
    }

    /// <summary>A store that its process loses at one commit: nothing of that process reaches it afterwards.</summary>
    private sealed class MortalStore(IDurableStore inner, int crashAt, bool after) : IDurableStore
    {
        private readonly CancellationTokenSource _dead = new();
        private int _commits;

        public CancellationToken Dead => _dead.Token;

        public async Task<InstanceRecord> CommitAsync(InstanceRecord instance, IReadOnlyList<HistoryRecord> appended, CancellationToken cancellation)
        {
            var commit = Interlocked.Increment(ref _commits);
            if (commit > crashAt || (commit == crashAt && !after))
            {
                await DieAsync();
            }

            var stored = await inner.CommitAsync(instance, appended, cancellation);
            if (commit == crashAt)
            {
                await DieAsync();
            }

            return stored;
        }

        public Task PrepareAsync(CancellationToken cancellation) => inner.PrepareAsync(cancellation);

        public async Task<InstanceRecord?> ReadAsync(string instanceId, CancellationToken cancellation) => await inner.ReadAsync(instanceId, await AliveAsync(cancellation));

        public async Task<IReadOnlyList<HistoryRecord>> ReadHistoryAsync(InstanceRecord instance, CancellationToken cancellation) => await inner.ReadHistoryAsync(instance, await AliveAsync(cancellation));

        public Task RemoveEarlierGenerationsAsync(InstanceRecord instance, CancellationToken cancellation) => inner.RemoveEarlierGenerationsAsync(instance, cancellation);

        public Task DeleteAsync(InstanceRecord instance, CancellationToken cancellation) => inner.DeleteAsync(instance, cancellation);

        public Task<string?> LoadAsync(StoredText text, CancellationToken cancellation) => inner.LoadAsync(text, cancellation);

        public IAsyncEnumerable<InstanceRecord> ReadActiveAsync(CancellationToken cancellation) => inner.ReadActiveAsync(cancellation);

        public Task<(IReadOnlyList<InstanceRecord> Instances, string? Next)> QueryAsync(InstanceFilter filter, int pageSize, string? continuation, CancellationToken cancellation)
            => inner.QueryAsync(filter, pageSize, continuation, cancellation);

        private async Task<CancellationToken> AliveAsync(CancellationToken cancellation)
        {
            if (Dead.IsCancellationRequested)
            {
                await DieAsync();
            }

            return cancellation;
        }

        private async Task DieAsync()
        {
            await _dead.CancelAsync();
            throw new IOException("the process is dead");
        }
    }
}
