using System.Runtime.InteropServices;

namespace Mlops.Core.Data;

/// <summary>Turns rows of bytes into columns in one pass, and gives them away as tables of some rows each.</summary>
/// <remarks>
/// The first rows (see <see cref="BatchLimits.InferenceRows"/>) are kept as bytes until they are enough to choose the kinds; then they are
/// converted, and every later row is converted at once. A column that had no value by then is decided by its first one.
/// </remarks>
internal sealed class TableBuilder(BatchLimits limits, IReadOnlyDictionary<string, ColumnKind>? kinds, ProblemLog log, int blockRows, Action<DataTable> take)
{
    private const int MaxWindowBytes = 16 << 20;
    private const int MaxWindowCells = 2 << 20;

    private readonly List<Slot> _slots = [];
    private TextBudget _budget = new();
    private Window? _window = new();
    private byte[] _scratch = new byte[256];
    private int _rows;
    private int _converted;

    /// <summary>Columns so far, left out ones included.</summary>
    public int ColumnCount => _slots.Count;

    /// <summary>Rows so far.</summary>
    public int RowCount => _rows;

    /// <summary>Adds a column, missing in all rows so far; a null name leaves it out.</summary>
    public int AddColumn(string? name)
    {
        CheckCells(_rows, _slots.Count + 1);
        Slot slot = new(name);
        if (name is not null && kinds is not null && kinds.TryGetValue(name, out ColumnKind kind))
        {
            slot.Builder = ColumnBuilder.Of(kind, limits, _budget, 0);
        }

        if (_window is null)
        {
            slot.Builder?.AddMissing(_converted);
            slot.Missing = _converted;
        }

        _slots.Add(slot);
        return _slots.Count - 1;
    }

    /// <summary>Adds a row; columns beyond <paramref name="cells"/> are missing in it.</summary>
    /// <param name="data">The bytes of the row.</param>
    /// <param name="cells">Its values, in the order of the columns.</param>
    /// <param name="fileRow">Its number in the file, 1-based.</param>
    /// <param name="line">The line it begins at.</param>
    public void AddRow(ReadOnlySpan<byte> data, ReadOnlySpan<Cell> cells, int fileRow, long line)
    {
        if (++_rows > limits.MaxRows)
        {
            throw new BatchRefusedException($"more than {limits.MaxRows:N0} rows", $"at most {limits.MaxRows:N0}", "Split it into several batches.");
        }

        CheckCells(_rows, _slots.Count);
        if (_window is null)
        {
            Convert(data, cells, fileRow, line);
            return;
        }

        _window.Add(data, cells, fileRow, line);
        if (_rows >= limits.InferenceRows || _window.Bytes >= MaxWindowBytes || _window.Cells >= MaxWindowCells)
        {
            CloseWindow();
        }
    }

    /// <summary>Gives away the last rows.</summary>
    public void Finish()
    {
        CloseWindow();
        if (_converted > 0)
        {
            Give(more: false);
        }
    }

    // Texts are collected anew for each table: what is held does not grow with the file.
    private void Give(bool more)
    {
        List<Column> columns = new(_slots.Count);
        _budget = new TextBudget();
        foreach (Slot slot in _slots.Where(slot => slot.Name is not null))
        {
            ColumnBuilder? builder = slot.Builder;
            columns.Add((builder ?? Decide(slot, ColumnKind.Number)).Build(slot.Name!));
            slot.Builder = more && builder is not null ? ColumnBuilder.Of(columns[^1].Kind, limits, _budget, blockRows) : null;
            slot.Missing = 0;
        }

        if (columns.Count == 0)
        {
            throw new BatchRefusedException("rows without a value", "at least one column", "Upload a file with data.");
        }

        _converted = 0;
        take(new DataTable(columns));
    }

    private void CheckCells(int rows, int columns)
    {
        if ((long)rows * columns > limits.MaxCells)
        {
            throw new BatchRefusedException($"more than {limits.MaxCells:N0} values ({columns:N0} columns)", $"at most {limits.MaxCells:N0}", "Split it into several batches.");
        }
    }

    private void CloseWindow()
    {
        if (_window is not { } window)
        {
            return;
        }

        _window = null;
        for (int column = 0; column < _slots.Count; column++)
        {
            Slot slot = _slots[column];
            if (slot.Name is not null && slot.Builder is null && Infer(window, column) is { } kind)
            {
                slot.Builder = ColumnBuilder.Of(kind, limits, _budget, 0);
            }
        }

        for (int row = 0; row < window.Rows; row++)
        {
            window.Get(row, out ReadOnlySpan<byte> data, out ReadOnlySpan<Cell> cells, out int fileRow, out long line);
            Convert(data, cells, fileRow, line);
        }
    }

    private ColumnKind? Infer(Window window, int column)
    {
        KindInference inference = default;
        for (int row = 0; row < window.Rows; row++)
        {
            window.Get(row, out ReadOnlySpan<byte> data, out ReadOnlySpan<Cell> cells, out _, out _);
            if (column < cells.Length)
            {
                inference.Add(Bytes(data, cells[column]), cells[column].Form);
            }
        }

        return inference.Kind;
    }

    private void Convert(ReadOnlySpan<byte> data, ReadOnlySpan<Cell> cells, int fileRow, long line)
    {
        ReadOnlySpan<Slot> slots = CollectionsMarshal.AsSpan(_slots);
        for (int column = 0; column < slots.Length; column++)
        {
            Slot slot = slots[column];
            if (slot.Name is null)
            {
                continue;
            }

            Cell cell = column < cells.Length ? cells[column] : new Cell(0, 0, CellForm.Missing);
            ReadOnlySpan<byte> bytes = Bytes(data, cell);
            if (slot.Builder is not { } builder)
            {
                KindInference first = default;
                first.Add(bytes, cell.Form);
                if (first.Kind is not { } kind)
                {
                    slot.Missing++;
                    if (cell.Form == CellForm.Nested)
                    {
                        log.BadCell(fileRow, line, slot.Name, bytes, CellFault.Nested, limits);
                    }

                    continue;
                }

                builder = Decide(slot, kind);
            }

            CellFault fault = builder.Add(bytes, cell.Form);
            if (fault != CellFault.None)
            {
                log.BadCell(fileRow, line, slot.Name, bytes, fault, limits);
            }
        }

        if (++_converted == blockRows)
        {
            Give(more: true);
        }
    }

    private ColumnBuilder Decide(Slot slot, ColumnKind kind)
    {
        slot.Builder = ColumnBuilder.Of(kind, limits, _budget, 0);
        slot.Builder.AddMissing(slot.Missing);
        return slot.Builder;
    }

    private ReadOnlySpan<byte> Bytes(ReadOnlySpan<byte> data, Cell cell)
    {
        ReadOnlySpan<byte> bytes = data.Slice(cell.Start, cell.Length);
        if (cell.Form != CellForm.Escaped)
        {
            return bytes;
        }

        if (_scratch.Length < bytes.Length)
        {
            _scratch = new byte[bytes.Length * 2];
        }

        return _scratch.AsSpan(0, CsvTokenizer.Unescape(bytes, _scratch));
    }

    /// <summary>A column on its way; without a builder it has only missing values so far.</summary>
    private sealed class Slot(string? name)
    {
        public string? Name { get; } = name;

        public ColumnBuilder? Builder { get; set; }

        public int Missing { get; set; }
    }

    /// <summary>The rows kept as bytes.</summary>
    private sealed class Window
    {
        private readonly List<(int Start, int Length, int FirstCell, int CellCount, int FileRow, long Line)> _rows = [];
        private readonly List<Cell> _cells = [];
        private byte[] _bytes = new byte[64 * 1024];

        public int Rows => _rows.Count;

        public int Cells => _cells.Count;

        public int Bytes { get; private set; }

        public void Add(ReadOnlySpan<byte> data, ReadOnlySpan<Cell> cells, int fileRow, long line)
        {
            if (Bytes + data.Length > _bytes.Length)
            {
                Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Bytes + data.Length));
            }

            data.CopyTo(_bytes.AsSpan(Bytes));
            _rows.Add((Bytes, data.Length, _cells.Count, cells.Length, fileRow, line));
            _cells.AddRange(cells);
            Bytes += data.Length;
        }

        public void Get(int row, out ReadOnlySpan<byte> data, out ReadOnlySpan<Cell> cells, out int fileRow, out long line)
        {
            (int start, int length, int firstCell, int cellCount, fileRow, line) = _rows[row];
            data = _bytes.AsSpan(start, length);
            cells = CollectionsMarshal.AsSpan(_cells).Slice(firstCell, cellCount);
        }
    }
}
