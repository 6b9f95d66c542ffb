using System.IO.Compression;

namespace Mlops.Core.Data;

/// <summary>Decompresses gzip, of one or more members, and notices when the end is missing.</summary>
/// <remarks>
/// <see cref="GZipStream"/> takes the end of its input for the end of the data, so a file cut off half-way would lose rows silently. Here a last member
/// of known content is put behind the input: it comes out whole only when everything before it did. It is held back from the reader.
/// </remarks>
internal sealed class WholeGzipStream : Stream
{
    private static readonly byte[] _mark = "end of the batch"u8.ToArray();
    private static readonly byte[] _markMember = Compress(_mark);

    private readonly GZipStream _gzip;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Reads from a stream that stays open.</summary>
    public WholeGzipStream(Stream compressed) => _gzip = new GZipStream(new Tailed(compressed, _markMember), CompressionMode.Decompress);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">The data is no gzip, is damaged, or ends too early.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // The last bytes may be the mark: keep as many as it has.
        while (_end - _start <= _mark.Length)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            int read = await _gzip.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            _end += read;
            if (read == 0)
            {
                return _buffer.AsSpan(_start, _end - _start).SequenceEqual(_mark) ? 0 : throw new InvalidDataException("the end is missing");
            }
        }

        int count = Math.Min(buffer.Length, _end - _start - _mark.Length);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _gzip.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return member.ToArray();
    }

    /// <summary>A stream with some bytes behind it; disposing it leaves the stream open.</summary>
    private sealed class Tailed(Stream stream, byte[] tail) : Stream
    {
        private int _tailRead = -1;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_tailRead < 0)
            {
                int read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read > 0 || buffer.IsEmpty)
                {
                    return read;
                }

                _tailRead = 0;
            }

            int count = Math.Min(buffer.Length, tail.Length - _tailRead);
            tail.AsMemory(_tailRead, count).CopyTo(buffer);
            _tailRead += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
