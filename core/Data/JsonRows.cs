using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Mlops.Core.Data;

/// <summary>Reads JSON lines: one flat object per line; a key seen first becomes a column; a line that is no object is left out and reported.</summary>
internal sealed class JsonRows
{
    private static readonly JsonReaderOptions _options = new() { MaxDepth = 64 };

    private readonly BatchBuffer _buffer;
    private readonly BatchLimits _limits;
    private readonly TableBuilder _table;
    private readonly ProblemLog _log;
    private readonly Dictionary<string, int> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly List<byte[]> _names = [];
    private Cell[] _cells = new Cell[64];
    private int[] _writtenIn = new int[64];
    private byte[] _text = new byte[1024];
    private int _textLength;
    private int _row;
    private long _line;

    public JsonRows(BatchBuffer buffer, BatchLimits limits, TableBuilder table, ProblemLog log)
    {
        (_buffer, _limits, _table, _log) = (buffer, limits, table, log);
        _lookup = _columns.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadLines();
            if (_buffer.IsFinal)
            {
                return;
            }

            await _buffer.FillAsync(_row + 1, cancellationToken).ConfigureAwait(false);
        }
    }

    private void ReadLines()
    {
        while (_buffer.Bytes is { IsEmpty: false } bytes)
        {
            int end = bytes.IndexOf((byte)'\n');
            if (end < 0 && !_buffer.IsFinal)
            {
                return;
            }

            ReadOnlySpan<byte> line = end < 0 ? bytes : bytes[..end];
            _buffer.CheckLength(line.Length, _row + 1);
            _line++;
            line = line.Trim(" \t\r"u8);
            if (!line.IsEmpty)
            {
                _row++;
                Take(line);
            }

            _buffer.Advance(end < 0 ? bytes.Length : end + 1);
        }
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        if (_row == 1 && line[0] == '[')
        {
            throw new BatchRefusedException("a JSON array", "one JSON object per line, without brackets and commas around", "Convert it, for example with: jq -c '.[]' data.json > data.jsonl", row: 1, line: _line);
        }

        if (!Ascii.IsValid(line) && !Utf8.IsValid(line))
        {
            _log.SkipRow(_row, _line, $"bytes that are not UTF-8 ('{Excerpt.OfUtf8(line)}')", "UTF-8 text", "Save the file as UTF-8.");
            return;
        }

        _textLength = 0;
        try
        {
            if (line[0] == '{')
            {
                ReadObject(line);
                if (_text.AsSpan(0, _textLength).Contains((byte)0))
                {
                    _log.SkipRow(_row, _line, "a NUL character", "text", "Remove \\u0000 from the values.");
                    return;
                }

                _table.AddRow(_text.AsSpan(0, _textLength), _cells.AsSpan(0, _table.ColumnCount), _row, _line);
                return;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is how the reader refuses half of a surrogate pair.
            string where = e is JsonException { BytePositionInLine: { } position } ? $" at byte {position + 1}" : string.Empty;
            _log.SkipRow(_row, _line, $"text that is not JSON{where} ('{Excerpt.OfUtf8(line)}')", "one JSON object", "Correct the line.");
            return;
        }

        _log.SkipRow(_row, _line, $"'{Excerpt.OfUtf8(line)}'", "one JSON object", "Write each row as an object of column names and values.");
    }

    private void ReadObject(ReadOnlySpan<byte> line)
    {
        Utf8JsonReader reader = new(line, isFinalBlock: true, new JsonReaderState(_options));
        _cells.AsSpan(0, _table.ColumnCount).Fill(new Cell(0, 0, CellForm.Missing));
        reader.Read();
        int expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int column = ColumnOf(ref reader, expected);
            expected = column + 1;
            if (_writtenIn[column] == _row)
            {
                _log.Add(new DataProblem(_row, Encoding.UTF8.GetString(_names[column]), "the key twice", "each key once", "The last value is used; correct the line.", Severity.Warn) { Line = _line });
            }

            _writtenIn[column] = _row;
            reader.Read();
            _cells[column] = ReadValue(ref reader, line);
        }

        // Anything after the object makes the reader throw here.
        reader.Read();
    }

    private Cell ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return new Cell(0, 0, CellForm.Missing);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                return Keep(line[start..(int)reader.BytesConsumed], CellForm.Nested);
            case JsonTokenType.String when reader.ValueIsEscaped:
                Reserve(reader.ValueSpan.Length);
                int at = _textLength;
                _textLength += reader.CopyString(_text.AsSpan(at));
                return new Cell(at, _textLength - at, CellForm.JsonText);
            case JsonTokenType.String:
                return Keep(reader.ValueSpan, CellForm.JsonText);
            default:
                return Keep(reader.ValueSpan, CellForm.Plain);
        }
    }

    private int ColumnOf(ref Utf8JsonReader reader, int expected)
    {
        // Objects of one file nearly always have the same keys in the same order.
        if (expected < _names.Count && !reader.ValueIsEscaped && reader.ValueSpan.SequenceEqual(_names[expected]))
        {
            return expected;
        }

        if (reader.ValueSpan.Length > _limits.MaxNameLength * 6)
        {
            // Refuses with the usual message.
            ColumnName.Check(reader.ValueSpan, _limits, _line);
        }

        string name = reader.GetString()!;
        if (_lookup.TryGetValue(name, out int column))
        {
            return column;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        ColumnName.Check(utf8, _limits, _line);
        if (name.Length == 0)
        {
            throw new BatchRefusedException("an empty key", "a name for every value", "Name it.", row: _row, line: _line);
        }

        if (_table.ColumnCount >= _limits.MaxColumns)
        {
            throw new BatchRefusedException($"more than {_limits.MaxColumns:N0} different keys", $"at most {_limits.MaxColumns:N0} columns", "Leave out keys that are not needed.", row: _row, line: _line);
        }

        column = _table.AddColumn(name);
        _columns.Add(name, column);
        _names.Add(utf8);
        if (column == _cells.Length)
        {
            Array.Resize(ref _cells, column * 2);
            Array.Resize(ref _writtenIn, column * 2);
        }

        return column;
    }

    private Cell Keep(ReadOnlySpan<byte> value, CellForm form)
    {
        Reserve(value.Length);
        value.CopyTo(_text.AsSpan(_textLength));
        Cell cell = new(_textLength, value.Length, form);
        _textLength += value.Length;
        return cell;
    }

    private void Reserve(int length)
    {
        if (_textLength + length > _text.Length)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textLength + length));
        }
    }
}
