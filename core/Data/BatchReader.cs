namespace Mlops.Core.Data;

/// <summary>Reads batches.</summary>
public static class BatchReader
{
    /// <summary>Reads a batch as it streams in.</summary>
    public static Task<BatchRead> ReadAsync(Stream stream, BatchFormat format, BatchLimits limits, IReadOnlyDictionary<string, ColumnKind>? kinds, CancellationToken cancellationToken) => throw new NotImplementedException();
}
