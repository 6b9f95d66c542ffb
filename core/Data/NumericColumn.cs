using System.Globalization;

namespace Mlops.Core.Data;

/// <summary>A column of kind <see cref="ColumnKind.Number"/>, <see cref="ColumnKind.Integer"/> or <see cref="ColumnKind.Timestamp"/>; NaN is missing.</summary>
public sealed class NumericColumn : Column
{
    private readonly double[] _values;

    /// <summary>Takes ownership of <paramref name="values"/>; infinities are the reader's to refuse.</summary>
    public NumericColumn(string name, double[] values, ColumnKind kind = ColumnKind.Number)
        : base(name, kind)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (kind == ColumnKind.Text)
        {
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "A numeric column holds Number, Integer or Timestamp; use TextColumn for Text.");
        }

        _values = values;
    }

    /// <summary>The values in row order; NaN is missing.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <inheritdoc/>
    public override int Count => _values.Length;

    /// <inheritdoc/>
    public override bool IsMissing(int row) => double.IsNaN(_values[row]);

    /// <inheritdoc/>
    public override string? Text(int row)
    {
        double value = _values[row];
        if (double.IsNaN(value))
        {
            return null;
        }

        return Kind switch
        {
            ColumnKind.Timestamp => DateTimeOffset.FromUnixTimeSeconds((long)value).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ColumnKind.Integer => ((long)value).ToString(CultureInfo.InvariantCulture),
            _ => (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture),
        };
    }

    /// <inheritdoc/>
    public override Column Take(ReadOnlySpan<int> rows)
    {
        double[] taken = new double[rows.Length];
        for (int i = 0; i < taken.Length; i++)
        {
            taken[i] = _values[rows[i]];
        }

        return new NumericColumn(Name, taken, Kind);
    }
}
