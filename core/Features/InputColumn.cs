using System.Globalization;
using Mlops.Core.Data;

namespace Mlops.Core.Features;

/// <summary>Reads a column as the kind it had in training: a batch whose numbers all happen to be whole, or whose values are all missing, is inferred as another kind.</summary>
internal static class InputColumn
{
    /// <summary>The column as <paramref name="input"/> wants it.</summary>
    /// <exception cref="ArgumentException">The column is absent, or a value cannot be that kind.</exception>
    public static Column Read(DataTable table, FeatureInput input)
    {
        if (!table.TryGet(input.Name, out Column? column))
        {
            throw new ArgumentException($"Column '{input.Name}' is absent; the model reads it as {input.Kind}. Send the column, with missing values if need be.", nameof(table));
        }

        if (column.Kind == input.Kind)
        {
            return column;
        }

        return input.Kind == ColumnKind.Text ? AsText(column) : AsNumber(column, input.Kind);
    }

    private static TextColumn AsText(Column column)
    {
        string?[] values = new string?[column.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column.Text(i);
        }

        return TextColumn.From(column.Name, values);
    }

    private static NumericColumn AsNumber(Column column, ColumnKind kind)
    {
        double[] values = new double[column.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column switch
            {
                NumericColumn numbers => numbers.Values[i],
                _ when column.IsMissing(i) => double.NaN,
                _ when kind != ColumnKind.Timestamp && double.TryParse(column.Text(i), NumberStyles.Float, CultureInfo.InvariantCulture, out double parsed) => parsed,
                _ => throw Wrong(column, i, kind),
            };

            if (kind != ColumnKind.Number && !double.IsNaN(values[i]) && values[i] != Math.Floor(values[i]))
            {
                throw Wrong(column, i, kind);
            }
        }

        return new NumericColumn(column.Name, values, kind);
    }

    private static ArgumentException Wrong(Column column, int row, ColumnKind kind) =>
        new($"Column '{column.Name}', row {row}: found '{column.Text(row)}'; the model was trained on {kind}. Correct the value or leave it missing.");
}
