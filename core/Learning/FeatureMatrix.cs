namespace Mlops.Core.Learning;

/// <summary>Rows × columns of single-precision features, stored column by column; NaN is missing. What every trainer reads.</summary>
/// <remarks>Single precision because that is what the ONNX model compares: a threshold found here splits the same rows there.
/// Infinities are ordinary values: −∞ lies below, +∞ above every finite threshold.</remarks>
public sealed class FeatureMatrix
{
    private readonly float[][] _values;

    /// <summary>Takes ownership of <paramref name="values"/>: one array of <paramref name="rows"/> values per column.</summary>
    /// <exception cref="ArgumentException">The number of arrays, or the length of one, does not fit.</exception>
    public FeatureMatrix(int rows, IReadOnlyList<FeatureColumn> columns, float[][] values)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        if (columns.Count != values.Length)
        {
            throw new ArgumentException($"{columns.Count} columns are described but {values.Length} arrays of values are given; expected one array per column.", nameof(values));
        }

        for (int j = 0; j < values.Length; j++)
        {
            if (values[j].Length != rows)
            {
                throw new ArgumentException($"Feature '{columns[j].Name}' has {values[j].Length} values; expected {rows}, one per row.", nameof(values));
            }
        }

        Rows = rows;
        Features = columns;
        _values = values;
    }

    /// <summary>Number of rows.</summary>
    public int Rows { get; }

    /// <summary>Number of columns.</summary>
    public int Columns => _values.Length;

    /// <summary>Name and kind of every column.</summary>
    public IReadOnlyList<FeatureColumn> Features { get; }

    /// <summary>The values of column <paramref name="j"/> (0-based) in row order.</summary>
    public ReadOnlySpan<float> Column(int j) => _values[j];

    /// <summary>The value in <paramref name="row"/> of <paramref name="column"/>, both 0-based.</summary>
    public float this[int row, int column] => _values[column][row];

    /// <summary>Copies one row into <paramref name="destination"/> (at least <see cref="Columns"/> long).</summary>
    public void CopyRow(int row, Span<float> destination)
    {
        for (int j = 0; j < _values.Length; j++)
        {
            destination[j] = _values[j][row];
        }
    }

    /// <summary>A new matrix with the given rows (0-based, in that order, repeats allowed).</summary>
    public FeatureMatrix Take(ReadOnlySpan<int> rows)
    {
        float[][] taken = new float[_values.Length][];
        for (int j = 0; j < taken.Length; j++)
        {
            float[] from = _values[j];
            float[] to = new float[rows.Length];
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from[rows[i]];
            }

            taken[j] = to;
        }

        return new FeatureMatrix(rows.Length, Features, taken);
    }
}
