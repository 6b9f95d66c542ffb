using Mlops.Core.Costs;

namespace Mlops.Storage.Costs;

/// <summary>What runs now, as far as costs go: whose it is, and how many requests to storage it has made. Flows with the work it was begun for.</summary>
public sealed class UsageScope : IDisposable
{
    private static readonly AsyncLocal<UsageScope?> _current = new();
    private readonly UsageMeter _meter;
    private readonly UsageScope? _outer;
    private readonly double? _entered;
    private readonly long[] _requests = new long[Enum.GetValues<StorageRequest>().Length];

    internal UsageScope(UsageMeter meter, string model, UsageKind kind, double? entered)
    {
        (_meter, Model, Kind, _entered, _outer) = (meter, model, kind, entered, _current.Value);
        _current.Value = this;
    }

    /// <summary>The model; empty while it is not known.</summary>
    public string Model { get; private set; }

    /// <summary>The purpose.</summary>
    public UsageKind Kind { get; }

    internal static UsageScope? Current => _current.Value;

    /// <summary>Says whose the work at hand is, once it is known.</summary>
    public static void BelongsTo(string model)
    {
        if (_current.Value is { } scope)
        {
            scope.Model = model;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _current.Value = _outer;
        Usage used = Requests(index => Interlocked.Exchange(ref _requests[index], 0));
        _meter.Add(this, _entered is { } entered ? used with { Executions = 1, InstanceSeconds = _meter.Leave(entered) } : used);
    }

    internal void Count(StorageRequest request) => Interlocked.Increment(ref _requests[(int)request]);

    private static Usage Requests(Func<int, long> take) => new()
    {
        BlobWrites = take((int)StorageRequest.BlobWrite),
        BlobLists = take((int)StorageRequest.BlobList),
        BlobReads = take((int)StorageRequest.BlobRead),
        TableOperations = take((int)StorageRequest.Table),
        QueueOperations = take((int)StorageRequest.Queue),
    };
}
