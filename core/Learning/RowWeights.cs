using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>Reads how much rows count from a column.</summary>
public static class RowWeights
{
    /// <summary>The weights of some rows.</summary>
    /// <param name="column">The column of weights.</param>
    /// <param name="rows">The rows (0-based).</param>
    /// <exception cref="ArgumentException">The column holds no numbers, or a weight is missing, negative or beyond single precision.</exception>
    public static double[] Of(Column column, ReadOnlySpan<int> rows)
    {
        ArgumentNullException.ThrowIfNull(column);
        double[] weights = new double[rows.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            if (!IsValid(column, rows[i]))
            {
                throw new ArgumentException($"Weight '{column.Name}', row {rows[i]}: found '{column.Text(rows[i]) ?? "nothing"}', expected a number from 0 to {float.MaxValue:R}.", nameof(column));
            }

            weights[i] = ((NumericColumn)column).Values[rows[i]];
        }

        return weights;
    }

    /// <summary>Whether a row has a weight that can be used: a number ≥ 0 within single precision.</summary>
    public static bool IsValid(Column column, int row) =>
        column is NumericColumn { Kind: ColumnKind.Number or ColumnKind.Integer } numbers && numbers.Values[row] is >= 0 and <= float.MaxValue;
}
