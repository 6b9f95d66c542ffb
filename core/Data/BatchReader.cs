namespace Mlops.Core.Data;

/// <summary>Reads a batch from a stream into columns, in one pass and bounded memory.</summary>
/// <remarks>
/// Values are empty, or NA, N/A, NaN, nan, null, NULL: missing. Kinds that are not given are inferred from the first rows: whole numbers, numbers,
/// ISO 8601 dates and times, else text. A value that does not convert becomes missing and is a problem with row and column; a row that cannot be
/// split into the columns is left out and is a problem; a file that cannot be used at all gives no table and a blocking problem.
/// </remarks>
public static class BatchReader
{
    /// <summary>Reads a batch as it streams in; the stream stays open.</summary>
    /// <param name="stream">The bytes as stored.</param>
    /// <param name="format">What they are.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="kinds">Kinds by column name; other columns, or all when null, are inferred. An Integer column becomes Number when a value has a fraction.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The table and everything wrong with it; never throws for what the bytes are.</returns>
    public static async Task<BatchRead> ReadAsync(
        Stream stream,
        BatchFormat format,
        BatchLimits limits,
        IReadOnlyDictionary<string, ColumnKind>? kinds,
        CancellationToken cancellationToken)
    {
        DataTable? table = null;
        BatchRead read = await ReadBlocksAsync(stream, format, limits, kinds, int.MaxValue, whole => table = whole, cancellationToken).ConfigureAwait(false);
        return read with { Table = table };
    }

    /// <summary>Reads a batch as it streams in and gives its rows away block by block, so that memory does not grow with them; the stream stays open.</summary>
    /// <remarks>Kinds are inferred from the first rows of the file, as for the whole; a column of a block may differ in kind from the same of an earlier one: Integer becomes
    /// Number where a fraction occurs, and a column without any value so far is Number. Distinct texts are limited in each block by itself.</remarks>
    /// <param name="stream">The bytes as stored.</param>
    /// <param name="format">What they are.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="kinds">Kinds by column name; other columns, or all when null, are inferred.</param>
    /// <param name="blockRows">Rows of every block but the last, ≥ 1. Some thousands stay in the processor's caches.</param>
    /// <param name="take">Given each block as soon as it is read, on the reading thread.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>No table, but everything wrong with the batch; when a problem blocks, the blocks given until then are not to be used.</returns>
    public static async Task<BatchRead> ReadBlocksAsync(
        Stream stream,
        BatchFormat format,
        BatchLimits limits,
        IReadOnlyDictionary<string, ColumnKind>? kinds,
        int blockRows,
        Action<DataTable> take,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(take);
        ArgumentOutOfRangeException.ThrowIfLessThan(blockRows, 1);
        await using WholeGzipStream? gzip = format.IsGzip() ? new WholeGzipStream(stream) : null;
        BatchBuffer buffer = new(gzip ?? stream, limits);
        ProblemLog log = new(limits);
        try
        {
            TableBuilder builder = new(limits, kinds, log, blockRows, take);
            await SkipMarkAsync(buffer, cancellationToken).ConfigureAwait(false);
            Task reading = format.IsJson()
                ? new JsonRows(buffer, limits, builder, log).ReadAsync(cancellationToken)
                : new CsvRows(buffer, limits, builder, log).ReadAsync(cancellationToken);
            await reading.ConfigureAwait(false);
            if (builder.RowCount == 0)
            {
                string found = log.SkippedRows.Count == 0 ? "no data rows" : $"{log.SkippedRows.Count:N0} rows, none of which can be read";
                throw new BatchRefusedException(found, "at least one data row", "Upload a file with data.");
            }

            builder.Finish();
        }
        catch (BatchRefusedException refused)
        {
            log.Add(refused.Problem);
        }

        return new BatchRead(null, log.Problems, log.Count)
        {
            SkippedRows = log.SkippedRows,
            BadCells = log.BadCells,
            Bytes = buffer.Total,
        };
    }

    // Looks at the first bytes: skips a byte order mark, and refuses what is certainly another kind of file.
    private static async ValueTask SkipMarkAsync(BatchBuffer buffer, CancellationToken cancellationToken)
    {
        while (buffer.Bytes.Length < 4 && !buffer.IsFinal)
        {
            await buffer.FillAsync(0, cancellationToken).ConfigureAwait(false);
        }

        ReadOnlySpan<byte> head = buffer.Bytes;
        if (head.IsEmpty)
        {
            throw new BatchRefusedException("no bytes", "a header line and data rows, or JSON lines", "Upload a file with data.");
        }

        (string Found, string Remedy)? other =
            head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? ("gzip data", "End the file's name with .gz.")
            : head.StartsWith("PK\u0003\u0004"u8) ? ("a zip archive or Excel workbook", "Save the sheet as CSV UTF-8.")
            : head.StartsWith("PAR1"u8) ? ("a Parquet file", "Convert it to CSV or JSON lines.")
            : head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) ? ("UTF-16 text", "Save the file as UTF-8.")
            : null;
        if (other is { } kind)
        {
            throw new BatchRefusedException(kind.Found, "UTF-8 text as the file's name says", kind.Remedy);
        }

        if (head.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            buffer.Advance(3);
        }
    }
}
