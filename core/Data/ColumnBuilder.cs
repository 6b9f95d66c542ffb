using System.Text.Unicode;

namespace Mlops.Core.Data;

/// <summary>Why a value became missing.</summary>
internal enum CellFault
{
    /// <summary>It did not: it was taken, or was missing to begin with.</summary>
    None,

    /// <summary>It is not a number.</summary>
    NotNumber,

    /// <summary>It is not an ISO 8601 date or time.</summary>
    NotTimestamp,

    /// <summary>It is infinite or too large.</summary>
    Infinite,

    /// <summary>It is a JSON object or array.</summary>
    Nested,

    /// <summary>It is longer than allowed.</summary>
    TooLong,

    /// <summary>The column has as many distinct texts as allowed, and this is another.</summary>
    TooManyTexts,
}

/// <summary>Collects the values of one column as they stream in.</summary>
internal abstract class ColumnBuilder
{
    /// <summary>Takes the value of the next row; one that does not convert becomes missing.</summary>
    public abstract CellFault Add(ReadOnlySpan<byte> cell, CellForm form);

    /// <summary>Makes the next rows missing.</summary>
    public abstract void AddMissing(int rows);

    /// <summary>The column of all values so far; the builder is not to be used any more.</summary>
    public abstract Column Build(string name);

    /// <summary>A builder for a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="budget">What the texts of all columns share.</param>
    /// <param name="capacity">Rows that are certainly expected.</param>
    public static ColumnBuilder Of(ColumnKind kind, BatchLimits limits, TextBudget budget, int capacity) => kind switch
    {
        ColumnKind.Text => new TextBuilder(limits, budget, capacity),
        ColumnKind.Timestamp => new TimestampBuilder(capacity),
        _ => new NumberBuilder(kind, capacity),
    };
}

/// <summary>How many bytes of distinct text the whole batch holds.</summary>
internal sealed class TextBudget
{
    public long Used { get; set; }
}

/// <summary>Numbers; a column of whole numbers becomes one of real numbers when a value needs it.</summary>
internal sealed class NumberBuilder(ColumnKind kind, int capacity) : ColumnBuilder
{
    private readonly ChunkedList<double> _values = new(capacity);
    private bool _allWhole = kind == ColumnKind.Integer;

    public override CellFault Add(ReadOnlySpan<byte> cell, CellForm form)
    {
        cell = CellParser.Trim(cell);
        CellShape shape = CellParser.TryNumber(cell, out double value);
        if (shape is CellShape.Integer or CellShape.Number)
        {
            _values.Add(value);
            _allWhole = _allWhole && (shape == CellShape.Integer || IsWhole(value));
            return CellFault.None;
        }

        _values.Add(double.NaN);
        return shape == CellShape.Infinite ? CellFault.Infinite
            : form == CellForm.Nested ? CellFault.Nested
            : form == CellForm.Missing || CellParser.IsMissing(cell) ? CellFault.None
            : CellFault.NotNumber;
    }

    public override void AddMissing(int rows) => _values.Add(double.NaN, rows);

    public override Column Build(string name) => new NumericColumn(name, _values.TakeArray(), _allWhole ? ColumnKind.Integer : ColumnKind.Number);

    private static bool IsWhole(double value) => Math.Abs(value) <= CellParser.MaxInteger && Math.Floor(value) == value;
}

/// <summary>Instants.</summary>
internal sealed class TimestampBuilder(int capacity) : ColumnBuilder
{
    private readonly ChunkedList<double> _values = new(capacity);

    public override CellFault Add(ReadOnlySpan<byte> cell, CellForm form)
    {
        cell = CellParser.Trim(cell);
        if (form != CellForm.Nested && CellParser.TryTimestamp(cell, out double seconds))
        {
            _values.Add(seconds);
            return CellFault.None;
        }

        _values.Add(double.NaN);
        return form == CellForm.Nested ? CellFault.Nested
            : form == CellForm.Missing || CellParser.IsMissing(cell) ? CellFault.None
            : CellFault.NotTimestamp;
    }

    public override void AddMissing(int rows) => _values.Add(double.NaN, rows);

    public override Column Build(string name) => new NumericColumn(name, _values.TakeArray(), ColumnKind.Timestamp);
}

/// <summary>Texts, each distinct one kept once.</summary>
internal sealed class TextBuilder : ColumnBuilder
{
    private readonly BatchLimits _limits;
    private readonly TextBudget _budget;
    private readonly ChunkedList<int> _codes;
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private char[] _characters = new char[256];

    public TextBuilder(BatchLimits limits, TextBudget budget, int capacity)
    {
        _codes = new ChunkedList<int>(capacity);
        _limits = limits;
        _budget = budget;
        _lookup = _known.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public override CellFault Add(ReadOnlySpan<byte> cell, CellForm form)
    {
        if (form is CellForm.Missing or CellForm.Nested || CellParser.IsMissing(CellParser.Trim(cell)))
        {
            _codes.Add(-1);
            return form == CellForm.Nested ? CellFault.Nested : CellFault.None;
        }

        if (_characters.Length < cell.Length)
        {
            _characters = new char[cell.Length * 2];
        }

        // The row was checked to be UTF-8, and UTF-16 needs no more units than that has bytes.
        Utf8.ToUtf16(cell, _characters, out _, out int length);
        ReadOnlySpan<char> text = _characters.AsSpan(0, length);
        if (_lookup.TryGetValue(text, out int code))
        {
            _codes.Add(code);
            return CellFault.None;
        }

        CellFault fault = length > _limits.MaxFieldLength ? CellFault.TooLong
            : _known.Count >= _limits.MaxDistinctText || _budget.Used + cell.Length > _limits.MaxTextBytes ? CellFault.TooManyTexts
            : CellFault.None;
        if (fault == CellFault.None)
        {
            _budget.Used += cell.Length;
            _known.Add(text.ToString(), code = _known.Count);
        }

        _codes.Add(fault == CellFault.None ? code : -1);
        return fault;
    }

    public override void AddMissing(int rows) => _codes.Add(-1, rows);

    public override Column Build(string name)
    {
        string[] dictionary = new string[_known.Count];
        foreach ((string text, int code) in _known)
        {
            dictionary[code] = text;
        }

        return new TextColumn(name, _codes.TakeArray(), dictionary);
    }
}
