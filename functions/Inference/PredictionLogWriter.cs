using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Mlops.Core.Traffic;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Inference;

/// <summary>
/// Writes the prediction log and the traffic counts off the request path, every second: a crash loses at most what the last second (two with a
/// slow write) brought. When the log cannot be written, requests wait once <see cref="Capacity"/> lines are held: memory does not grow.
/// </summary>
public sealed class PredictionLogWriter(PredictionLog log, TrafficStore traffic, TimeProvider time, ILogger<PredictionLogWriter> logger) : LateWriter
{
    /// <summary>Lines held in memory at most.</summary>
    public const int Capacity = 50_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Channel<Line> _lines = Channel.CreateBounded<Line>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ConcurrentDictionary<Minute, CanaryWindowCounter> _counts = new();

    // Taken from the channel and not yet written: what a stop interrupts is written by the last flush.
    private readonly List<Line> _taken = [];

    /// <summary>Hands predictions of a model over to be logged.</summary>
    public async ValueTask WriteAsync(string model, IReadOnlyList<PredictionRecord> records, CancellationToken cancellationToken)
    {
        foreach (PredictionRecord record in records)
        {
            DateTime utc = record.Time.UtcDateTime;
            await _lines.Writer.WriteAsync(new Line(model, new DateTimeOffset(utc.Date.AddHours(utc.Hour), TimeSpan.Zero), JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Options)), cancellationToken);
        }
    }

    /// <summary>Counts one request.</summary>
    public void Count(string model, int version, bool failed, TimeSpan latency)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        DateTimeOffset minute = new(now.Date.AddHours(now.Hour).AddMinutes(now.Minute), TimeSpan.Zero);
        _counts.GetOrAdd(new Minute(model, version, minute), _ => new CanaryWindowCounter()).Add(failed, latency);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // An append that has begun is not broken off, or nobody would know whether it was written.
                await FlushAsync(CancellationToken.None, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: what is left is written below, after the last request.
        }
    }

    /// <inheritdoc/>
    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Storage that does not answer may still hold the last flush up; a second one beside it would write its lines twice.
            // A task that was cancelled never began: the host stopped as soon as it had started, and holds nothing up.
            await (ExecuteTask is { IsCanceled: false } writing ? writing : Task.CompletedTask).WaitAsync(cancellationToken);
            await FlushAsync(cancellationToken, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Log.PredictionLogLost(logger, _taken.Count + _lines.Reader.Count);
        }
    }

    private async Task FlushAsync(CancellationToken appendCancellation, CancellationToken cancellationToken)
    {
        while (_taken.Count < Capacity && _lines.Reader.TryRead(out Line? line))
        {
            _taken.Add(line);
        }

        foreach (IGrouping<(string Model, DateTimeOffset Hour), Line> group in _taken.GroupBy(line => (line.Model, line.Hour)).ToArray())
        {
            ReadOnlyMemory<byte>[] content = [.. group.Select(line => (ReadOnlyMemory<byte>)line.Json)];
            await RetryAsync(() => log.AppendAsync(group.Key.Model, group.Key.Hour, content, appendCancellation), content.Length, cancellationToken);
            _taken.RemoveAll(line => (line.Model, line.Hour) == group.Key);
        }

        await RetryAsync(() => WriteCountsAsync(cancellationToken), 0, cancellationToken);
    }

    private async Task WriteCountsAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((Minute minute, CanaryWindowCounter counter) in _counts)
        {
            if (counter.TakeChanged() is { } window)
            {
                try
                {
                    await traffic.WriteAsync(minute.Model, minute.Version, minute.Time, window, now, cancellationToken);
                }
                catch
                {
                    counter.MarkChanged();
                    throw;
                }
            }
            else if (now - minute.Time > TimeSpan.FromMinutes(5))
            {
                _counts.TryRemove(minute, out _);
            }
        }
    }

    private async Task RetryAsync(Func<Task> write, int lines, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await write();
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.PredictionLogDelayed(logger, exception, lines);
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(30, attempt)), time, cancellationToken);
            }
        }
    }

    private sealed record Line(string Model, DateTimeOffset Hour, byte[] Json);

    private readonly record struct Minute(string Model, int Version, DateTimeOffset Time);
}
