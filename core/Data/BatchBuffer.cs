namespace Mlops.Core.Data;

/// <summary>A window over a stream that holds the bytes not yet used: grows while one record is incomplete, never beyond what a record may have.</summary>
internal sealed class BatchBuffer(Stream stream, BatchLimits limits)
{
    private const int InitialSize = 64 * 1024;

    private byte[] _bytes = new byte[InitialSize];
    private int _start;
    private int _end;

    /// <summary>Bytes read from the stream so far.</summary>
    public long Total { get; private set; }

    /// <summary>Whether the stream has ended: no more bytes follow those at hand.</summary>
    public bool IsFinal { get; private set; }

    /// <summary>The bytes at hand.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, _end - _start);

    /// <summary>Drops bytes from the front.</summary>
    public void Advance(int count) => _start += count;

    /// <summary>Reads on, at least one byte unless the stream ends.</summary>
    /// <exception cref="BatchRefusedException">The bytes are more than allowed, one record is longer than allowed, or gzip cannot be undone.</exception>
    public async ValueTask FillAsync(int row, CancellationToken cancellationToken)
    {
        int held = _end - _start;
        if (held > limits.MaxLineBytes)
        {
            throw TooLong(row);
        }

        if (_start > 0)
        {
            _bytes.AsSpan(_start, held).CopyTo(_bytes);
            (_start, _end) = (0, held);
        }

        if (held == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }

        int read = await ReadAsync(_bytes.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        Total += read;
        IsFinal = read == 0;
        if (Total > limits.MaxBytes)
        {
            throw new BatchRefusedException($"more than {limits.MaxBytes:N0} bytes of (uncompressed) data", $"at most {limits.MaxBytes:N0}", "Split it into several batches.");
        }
    }

    /// <summary>Refuses a record that is complete but longer than allowed.</summary>
    public void CheckLength(int length, int row)
    {
        if (length > limits.MaxLineBytes)
        {
            throw TooLong(row);
        }
    }

    private BatchRefusedException TooLong(int row) => new(
        $"a row of more than {limits.MaxLineBytes:N0} bytes without an end",
        "rows that end with a line break, and quotes that are closed",
        "Check for a quote that is never closed, or a file without line breaks.",
        row: row == 0 ? null : row);

    private async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(into, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException e)
        {
            throw new BatchRefusedException(
                Total == 0 ? "bytes that are not gzip" : $"gzip data that is cut off or damaged after {Total:N0} uncompressed bytes ({Excerpt.Of(e.Message)})",
                "a complete gzip file, as its name says",
                Total == 0 ? "Compress it with gzip, or name it without .gz." : "Upload the whole file again.");
        }
    }
}
