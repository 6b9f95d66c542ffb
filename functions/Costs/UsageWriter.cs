using Microsoft.Extensions.Logging;
using Mlops.Core.Costs;
using Mlops.Functions.Hosting;
using Mlops.Storage.Costs;

namespace Mlops.Functions.Costs;

/// <summary>Adds what this instance used to the days' sums, every minute in which there was anything: a crash loses at most the last minute.</summary>
public sealed class UsageWriter(UsageMeter meter, UsageStore store, TimeProvider time, ILogger<UsageWriter> logger) : LateWriter
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // What a flush has taken and not yet written is in no sum: whoever comes meanwhile waits for it.
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Writes what was used so far; when it is done, so is what another flush had begun.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<UsageRow> rows = meter.Take();
        for (int i = 0; i < rows.Count; i++)
        {
            try
            {
                await store.AddAsync(rows[i], cancellationToken);
            }
            catch (Exception exception)
            {
                foreach (UsageRow unwritten in rows.Skip(i))
                {
                    meter.Return(unwritten);
                }

                Log.UsageDelayed(logger, exception);
                return;
            }
        }
    }

    /// <inheritdoc/>
    protected override Task FinishAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await FlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the rest is written by FinishAsync.
        }
    }
}
