namespace Mlops.Core.Data;

/// <summary>Chooses the kind of a column from the values it begins with.</summary>
/// <remarks>
/// At least 95 % of the present values decide, so that a few bad cells are reported as such instead of turning a column of numbers into text.
/// One value that is a code (00123, or more digits than a double holds exactly) makes the column text: as a number it would lose digits.
/// </remarks>
internal struct KindInference
{
    private const double Decisive = 0.95;

    private int _integers;
    private int _numbers;
    private int _timestamps;
    private int _texts;
    private bool _hasCode;

    /// <summary>Counts a value.</summary>
    public void Add(ReadOnlySpan<byte> cell, CellForm form)
    {
        if (form == CellForm.Nested)
        {
            return;
        }

        cell = CellParser.Trim(cell);
        switch (CellParser.ShapeOf(cell, form))
        {
            case CellShape.Integer:
                _integers++;
                break;
            case CellShape.Number:
                _numbers++;
                _hasCode |= CellParser.IsCode(cell);
                break;
            case CellShape.Infinite:
                _numbers++;
                break;
            case CellShape.Timestamp:
                _timestamps++;
                break;
            case CellShape.Text:
                _texts++;
                break;
        }
    }

    /// <summary>The kind; null when no value was present.</summary>
    public readonly ColumnKind? Kind
    {
        get
        {
            int present = _integers + _numbers + _timestamps + _texts;
            return present == 0 ? null
                : _hasCode ? ColumnKind.Text
                : _timestamps >= Decisive * present ? ColumnKind.Timestamp
                : _integers + _numbers < Decisive * present ? ColumnKind.Text
                : _numbers == 0 ? ColumnKind.Integer
                : ColumnKind.Number;
        }
    }
}
