using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Mlops.Core.Traffic;

namespace Mlops.Storage.Inference;

/// <summary>
/// All that each version ever answered. Closed hours are added to one row per version, so that reading costs as much as there are versions and lately
/// active hours, however long the platform has been serving.
/// </summary>
public sealed class TrafficTotals(StorageConnection connection, TrafficStore traffic)
{
    /// <summary>How long after its end an hour is added to the total, and closed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    // No model's name starts with a dash.
    private const string Partition = "-totals";
    private readonly TableClient _table = connection.Table(StorageNames.TrafficTable);

    /// <summary>The start of the first hour that is still open at <paramref name="now"/>.</summary>
    public static DateTimeOffset OpenSince(DateTimeOffset now) => PredictionId.HourOf(now - Grace);

    /// <summary>The totals of every version that was ever asked, by model and version. They never go back.</summary>
    public async Task<IReadOnlyList<VersionTraffic>> ReadAsync(CancellationToken cancellationToken)
    {
        // In this order: an hour that is added to the total meanwhile is in the total that is read after it, and is left out of the minutes.
        ILookup<(string Model, int Version), ActiveHour> active = (await ReadActiveAsync(cancellationToken)).ToLookup(hour => (hour.Model, hour.Version));
        Dictionary<(string Model, int Version), Total> totals = await ReadTotalsAsync(cancellationToken);
        List<VersionTraffic> all = [];
        foreach ((string model, int version) in totals.Keys.Concat(active.Select(group => group.Key)).Distinct().Order())
        {
            Total total = totals.GetValueOrDefault((model, version)) ?? Total.None;
            DateTimeOffset? since = active[(model, version)].Select(hour => (DateTimeOffset?)hour.Hour).Min();
            CanaryWindow counts = since is { } first ? await AddAsync(total.Counts, model, version, Later(first, total.Until), null, cancellationToken) : total.Counts;
            all.Add(new VersionTraffic(model, version, counts));
        }

        return all;
    }

    /// <summary>Adds the hours that ended long enough ago to the totals. May run twice, and on two machines at once.</summary>
    public async Task FoldAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset until = OpenSince(now);
        IReadOnlyList<ActiveHour> closed = [.. (await ReadActiveAsync(cancellationToken)).Where(hour => hour.Hour < until)];
        foreach (IGrouping<(string Model, int Version), ActiveHour> hours in closed.GroupBy(hour => (hour.Model, hour.Version)))
        {
            (string model, int version) = hours.Key;
            TableEntity? row = await _table.FindAsync(Partition, Key(model, version), cancellationToken);
            Total total = row?.Read<Total>() ?? Total.None;
            CanaryWindow counts = await AddAsync(total.Counts, model, version, Later(hours.Min(hour => hour.Hour), total.Until), until, cancellationToken);
            TableEntity next = TableExtensions.Row(Partition, Key(model, version), new Total(counts, Later(until, total.Until)));
            if (row is null ? await _table.TryAddAsync(next, cancellationToken) : await _table.TryReplaceAsync(next, row.ETag, cancellationToken))
            {
                foreach (ActiveHour hour in hours)
                {
                    await _table.DeleteEntityAsync(ActiveHour.Partition, hour.Key, ETag.All, cancellationToken);
                }
            }
        }
    }

    private static string Key(string model, int version) => string.Create(CultureInfo.InvariantCulture, $"{model}|{version:D8}");

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private async Task<CanaryWindow> AddAsync(CanaryWindow counts, string model, int version, DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) =>
        until <= since ? counts : (await traffic.ReadAsync(model, version, since, cancellationToken, until)).Aggregate(counts, (sum, window) => sum.Merge(window));

    private async Task<IReadOnlyList<ActiveHour>> ReadActiveAsync(CancellationToken cancellationToken)
    {
        List<ActiveHour> active = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(ActiveHour.Partition, string.Empty, cancellationToken))
        {
            if (ActiveHour.TryParse(row.RowKey, out ActiveHour? hour))
            {
                active.Add(hour);
            }
        }

        return active;
    }

    private async Task<Dictionary<(string Model, int Version), Total>> ReadTotalsAsync(CancellationToken cancellationToken)
    {
        Dictionary<(string, int), Total> totals = [];
        await foreach (TableEntity row in _table.WithPrefixAsync(Partition, string.Empty, cancellationToken))
        {
            int bar = row.RowKey.IndexOf('|', StringComparison.Ordinal);
            totals[(row.RowKey[..bar], int.Parse(row.RowKey[(bar + 1)..], CultureInfo.InvariantCulture))] = row.Read<Total>();
        }

        return totals;
    }

    /// <summary>What was counted before <paramref name="Until"/>.</summary>
    private sealed record Total(CanaryWindow Counts, DateTimeOffset Until)
    {
        public static Total None { get; } = new(CanaryWindow.Empty, DateTimeOffset.MinValue);
    }
}

/// <summary>All that one version ever answered.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Counts">Requests, errors and latency; the business metric of canaries as well, where there is one.</param>
public sealed record VersionTraffic(string Model, int Version, CanaryWindow Counts);
