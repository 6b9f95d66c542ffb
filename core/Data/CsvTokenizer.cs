using System.Numerics;
using System.Runtime.Intrinsics;

namespace Mlops.Core.Data;

/// <summary>How the reading of one record ended.</summary>
internal enum CsvOutcome
{
    /// <summary>The fields are there.</summary>
    Record,

    /// <summary>The bytes end inside the record.</summary>
    NeedMore,

    /// <summary>Text follows a closing quote; consumed up to the end of that line.</summary>
    BadQuote,

    /// <summary>The data ends inside a quoted field.</summary>
    OpenQuote,
}

/// <summary>Splits bytes into the fields of one record by RFC 4180.</summary>
/// <remarks>
/// A field that begins with a quote ends at its closing quote, in which a doubled quote stands for one; delimiters and line breaks inside are text.
/// In any other field a quote is an ordinary character. A record ends at LF, CR LF or CR, or at the end of the data. Fields are found 64 bytes at a time:
/// one bit for each byte that may end a field, as in simdjson (Langdale and Lemire 2019), so that short fields cost no search each.
/// No allocation per record. Nothing is kept between calls: when more bytes are needed, the record is read again from its start.
/// </remarks>
internal sealed class CsvTokenizer(byte delimiter, int maxFields)
{
    private const byte Quote = (byte)'"';
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private const int BlockBytes = 64;

    private readonly Vector512<byte> _delimiters = Vector512.Create(delimiter);
    private Cell[] _cells = new Cell[Math.Min(maxFields, 64)];
    private ulong _unusual;

    /// <summary>Fields of the last record, also those beyond the maximum, which are counted but not kept.</summary>
    public int FieldCount { get; private set; }

    /// <summary>The fields of the last record that were kept.</summary>
    public ReadOnlySpan<Cell> Cells => _cells.AsSpan(0, Math.Min(FieldCount, maxFields));

    /// <summary>Whether a field of the last record was quoted, so that it may span lines.</summary>
    public bool HasQuotes { get; private set; }

    /// <summary>Whether the last record is certainly ASCII without NUL. Certainty costs nothing here for records without quotes; others must be looked at.</summary>
    public bool IsPlain => _unusual == 0 && !HasQuotes;

    /// <summary>Reads the record at the start of <paramref name="data"/>.</summary>
    /// <param name="data">The bytes at hand, not empty.</param>
    /// <param name="final">Whether no more bytes follow.</param>
    /// <param name="consumed">The bytes of the record with its line break; 0 for <see cref="CsvOutcome.NeedMore"/>.</param>
    public CsvOutcome Read(ReadOnlySpan<byte> data, bool final, out int consumed)
    {
        FieldCount = 0;
        HasQuotes = false;
        consumed = 0;
        _unusual = 0;
        int at = 0;
        int block = 0;
        ulong stops = StopsIn(data);
        while (true)
        {
            int stop;
            if (at < data.Length && data[at] == Quote)
            {
                HasQuotes = true;
                int close = ClosingQuote(data, at + 1, final, out bool escaped);
                if (close < 0)
                {
                    return final ? CsvOutcome.OpenQuote : CsvOutcome.NeedMore;
                }

                stop = close + 1;
                if (stop < data.Length && data[stop] != delimiter && data[stop] is not (LineFeed or CarriageReturn))
                {
                    return SkipLine(data, stop, final, out consumed);
                }

                Add(at + 1, close - at - 1, escaped ? CellForm.Escaped : CellForm.Plain);

                // What was found inside the quotes is text: begin anew behind them.
                block = stop;
                stops = StopsIn(data[block..]);
            }
            else
            {
                while (stops == 0 && data.Length - block > BlockBytes)
                {
                    block += BlockBytes;
                    stops = StopsIn(data[block..]);
                }

                stop = stops == 0 ? data.Length : block + BitOperations.TrailingZeroCount(stops);
                Add(at, stop - at, CellForm.Plain);
            }

            if (stop == data.Length)
            {
                consumed = final ? stop : 0;
                return final ? CsvOutcome.Record : CsvOutcome.NeedMore;
            }

            at = stop + 1;
            stops &= stops - 1;
            if (data[stop] == delimiter)
            {
                continue;
            }

            if (data[stop] == CarriageReturn)
            {
                if (at == data.Length && !final)
                {
                    return CsvOutcome.NeedMore;
                }

                at += at < data.Length && data[at] == LineFeed ? 1 : 0;
            }

            consumed = at;
            return CsvOutcome.Record;
        }
    }

    /// <summary>Writes an escaped field with its doubled quotes undone; returns the length.</summary>
    public static int Unescape(ReadOnlySpan<byte> field, Span<byte> destination)
    {
        int written = 0;
        while (true)
        {
            int quote = field.IndexOf(Quote);
            int take = quote < 0 ? field.Length : quote + 1;
            field[..take].CopyTo(destination[written..]);
            written += take;
            if (quote < 0)
            {
                return written;
            }

            field = field[(quote + 2)..];
        }
    }

    // The quote that ends the field; −1 when the bytes end before it is certain.
    private static int ClosingQuote(ReadOnlySpan<byte> data, int at, bool final, out bool escaped)
    {
        escaped = false;
        while (true)
        {
            int quote = data[at..].IndexOf(Quote);
            if (quote < 0)
            {
                return -1;
            }

            at += quote + 1;
            if (at == data.Length)
            {
                return final ? at - 1 : -1;
            }

            if (data[at] != Quote)
            {
                return at - 1;
            }

            escaped = true;
            at++;
        }
    }

    // A bit for each of the first 64 bytes that is a delimiter or a line break; bytes that are not plain are noted.
    private ulong StopsIn(ReadOnlySpan<byte> data)
    {
        if (data.Length < BlockBytes)
        {
            Span<byte> padded = stackalloc byte[BlockBytes];
            padded.Fill((byte)' ');
            data.CopyTo(padded);
            return StopsIn(Vector512.Create<byte>(padded));
        }

        return StopsIn(Vector512.Create(data));
    }

    private ulong StopsIn(Vector512<byte> bytes)
    {
        // The upper bit is set in b | (b − 1) for b ≥ 128 and for 0 only.
        _unusual |= (bytes | (bytes - Vector512<byte>.One)).ExtractMostSignificantBits();
        return (Vector512.Equals(bytes, _delimiters) | Vector512.Equals(bytes, Vector512.Create(LineFeed)) | Vector512.Equals(bytes, Vector512.Create(CarriageReturn))).ExtractMostSignificantBits();
    }

    private static CsvOutcome SkipLine(ReadOnlySpan<byte> data, int at, bool final, out int consumed)
    {
        int end = data[at..].IndexOf(LineFeed);
        consumed = end >= 0 ? at + end + 1 : final ? data.Length : 0;
        return consumed > 0 ? CsvOutcome.BadQuote : CsvOutcome.NeedMore;
    }

    private void Add(int start, int length, CellForm form)
    {
        int index = FieldCount++;
        if (index >= maxFields)
        {
            return;
        }

        if (index == _cells.Length)
        {
            Array.Resize(ref _cells, Math.Min(_cells.Length * 2, maxFields));
        }

        _cells[index] = new Cell(start, length, form);
    }
}
