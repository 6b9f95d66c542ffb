using System.Text;
using System.Text.Unicode;

namespace Mlops.Core.Data;

/// <summary>Reads CSV: the header into columns, then each record into a row; a record that does not fit is left out and reported.</summary>
internal sealed class CsvRows(BatchBuffer buffer, BatchLimits limits, TableBuilder table, ProblemLog log)
{
    private static readonly (byte Byte, string Name)[] _delimiters = [((byte)',', "a comma"), ((byte)';', "a semicolon"), ((byte)'\t', "a tab"), ((byte)'|', "a vertical bar")];

    private CsvTokenizer _tokenizer = null!;
    private int _row;
    private long _line = 1;

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        int headerLength;
        while ((headerLength = HeaderLength()) < 0)
        {
            await buffer.FillAsync(0, cancellationToken).ConfigureAwait(false);
        }

        if (headerLength == 0)
        {
            throw new BatchRefusedException("nothing but empty lines", "a header line with the column names, then data rows", "Upload a file with data.");
        }

        _tokenizer = new CsvTokenizer(DetectDelimiter(buffer.Bytes[..headerLength]), limits.MaxColumns + 1);
        while (!TryReadHeader())
        {
            await buffer.FillAsync(0, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadRecords();
            if (buffer.IsFinal)
            {
                return;
            }

            await buffer.FillAsync(_row + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    // The bytes of the first line that is not empty, without its end; 0 when there is none; −1 when more bytes are needed.
    private int HeaderLength()
    {
        int blank = buffer.Bytes.IndexOfAnyExcept((byte)'\r', (byte)'\n');
        if (blank < 0)
        {
            return buffer.IsFinal ? 0 : -1;
        }

        _line += buffer.Bytes[..blank].Count((byte)'\n');
        buffer.Advance(blank);
        bool quoted = false;
        ReadOnlySpan<byte> bytes = buffer.Bytes;
        for (int at = 0; at < bytes.Length; at++)
        {
            if (bytes[at] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && bytes[at] is (byte)'\n' or (byte)'\r')
            {
                return at;
            }
        }

        return buffer.IsFinal ? bytes.Length : -1;
    }

    private byte DetectDelimiter(ReadOnlySpan<byte> header)
    {
        Span<int> counts = stackalloc int[_delimiters.Length];
        bool quoted = false;
        foreach (byte b in header)
        {
            quoted ^= b == '"';
            for (int i = 0; i < counts.Length && !quoted; i++)
            {
                counts[i] += b == _delimiters[i].Byte ? 1 : 0;
            }
        }

        int best = 0;
        for (int i = 1; i < counts.Length; i++)
        {
            best = counts[i] > counts[best] ? i : best;
        }

        if (best != 0)
        {
            log.Add(new DataProblem(null, null, $"{_delimiters[best].Name} between the columns", "a comma", "It was read so; write commas to be free of this note.", Severity.Warn));
        }

        return _delimiters[best].Byte;
    }

    private bool TryReadHeader()
    {
        CsvOutcome outcome = _tokenizer.Read(buffer.Bytes, buffer.IsFinal, out int consumed);
        if (outcome == CsvOutcome.NeedMore)
        {
            return false;
        }

        ReadOnlySpan<byte> record = buffer.Bytes[..consumed];
        buffer.CheckLength(consumed, 0);
        if (outcome != CsvOutcome.Record)
        {
            throw new BatchRefusedException("a header whose quotes are not closed", "column names, quoted as \"name\" where they contain commas", "Correct the first line.", line: _line);
        }

        if (_tokenizer.FieldCount > limits.MaxColumns)
        {
            throw new BatchRefusedException($"{_tokenizer.FieldCount:N0} columns", $"at most {limits.MaxColumns:N0}", "Leave out columns that are not needed, or write rows instead of columns.", line: _line);
        }

        if (!Utf8.IsValid(record) || record.Contains((byte)0))
        {
            throw new BatchRefusedException("a header that is not UTF-8 text", "UTF-8", "Save the file as UTF-8.", line: _line);
        }

        AddColumns(record);
        _line += LinesIn(record);
        buffer.Advance(consumed);
        return true;
    }

    private void AddColumns(ReadOnlySpan<byte> header)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        bool allNumbers = true;
        byte[] scratch = new byte[header.Length];
        for (int i = 0; i < _tokenizer.FieldCount; i++)
        {
            Cell cell = _tokenizer.Cells[i];
            ReadOnlySpan<byte> bytes = header.Slice(cell.Start, cell.Length);
            bytes = CellParser.Trim(cell.Form == CellForm.Escaped ? scratch.AsSpan(0, CsvTokenizer.Unescape(bytes, scratch)) : bytes);
            if (bytes.IsEmpty)
            {
                log.Add(new DataProblem(null, null, $"column {i + 1} without a name", "a name for every column", "It was left out; give it a name if it is data.", Severity.Warn));
                table.AddColumn(null);
                continue;
            }

            string name = ColumnName.Check(bytes, limits, _line);
            if (!names.Add(name))
            {
                throw new BatchRefusedException($"the column name '{Excerpt.Of(name)}' twice", "distinct column names", "Rename one of them.", line: _line);
            }

            allNumbers &= CellParser.TryNumber(bytes, out _) != CellShape.Text;
            table.AddColumn(name);
        }

        if (names.Count == 0)
        {
            throw new BatchRefusedException("a header without a name", "a header line with the column names", "Write the names of the columns into the first line.", line: _line);
        }

        if (allNumbers)
        {
            log.Add(new DataProblem(null, null, "a first line of numbers only", "a header line with the column names", "If it is data, add a header line above it.", Severity.Warn));
        }
    }

    private void ReadRecords()
    {
        while (buffer.Bytes is { IsEmpty: false } bytes)
        {
            CsvOutcome outcome = _tokenizer.Read(bytes, buffer.IsFinal, out int consumed);
            if (outcome == CsvOutcome.NeedMore)
            {
                return;
            }

            if (outcome == CsvOutcome.OpenQuote)
            {
                throw new BatchRefusedException(
                    "a quote that is opened and never closed", "a closing quote", "Close it, or double a quote that is part of the text.", row: _row + 1, line: _line);
            }

            buffer.CheckLength(consumed, _row + 1);
            Take(bytes[..consumed], outcome);
            buffer.Advance(consumed);
        }
    }

    private void Take(ReadOnlySpan<byte> record, CsvOutcome outcome)
    {
        ReadOnlySpan<Cell> cells = _tokenizer.Cells;
        int columns = table.ColumnCount;
        int fields = _tokenizer.FieldCount;
        if (outcome == CsvOutcome.Record && fields == 1 && cells[0].Length == 0 && !_tokenizer.HasQuotes)
        {
            _line++;
            return;
        }

        _row++;
        if (outcome == CsvOutcome.BadQuote)
        {
            log.SkipRow(_row, _line, $"text after a closing quote in value {fields + 1}", "a comma or the end of the row", "Double a quote that is part of the text.");
        }
        else if (!_tokenizer.IsPlain && !Ascii.IsValid(record) && !Utf8.IsValid(record))
        {
            log.SkipRow(_row, _line, $"bytes that are not UTF-8 ('{Excerpt.OfUtf8(record)}')", "UTF-8 text", "Save the file as UTF-8.");
        }
        else if (!_tokenizer.IsPlain && record.Contains((byte)0))
        {
            log.SkipRow(_row, _line, "a NUL byte", "text", "Save the file as UTF-8 without binary content.");
        }
        else if (fields != columns && !(fields == columns + 1 && cells[^1].Length == 0))
        {
            // One empty value too many is let pass: some programs end every row but the header with a delimiter.
            log.SkipRow(_row, _line, $"{fields:N0} values", $"{columns:N0} as in the header", "Quote values that contain commas, and write an empty value where one is missing.");
        }
        else
        {
            table.AddRow(record, cells.Length > columns ? cells[..columns] : cells, _row, _line);
        }

        _line += LinesIn(record);
    }

    private int LinesIn(ReadOnlySpan<byte> record) => _tokenizer.HasQuotes ? Math.Max(1, record.Count((byte)'\n')) : 1;
}
