namespace Mlops.Core.Data;

/// <summary>Operations on whole tables.</summary>
public static class Tables
{
    /// <summary>All rows of all tables, in that order. A column that a table lacks is missing in its rows; columns come in order of first appearance.</summary>
    /// <remarks>Kinds that differ meet in the narrowest that holds both: Integer and Number in Number, everything else in Text (canonical text). A column without any value takes the other's kind. O(cells).</remarks>
    public static DataTable Concat(IReadOnlyList<DataTable> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (tables.Count == 1)
        {
            return tables[0];
        }

        int rows = checked(tables.Sum(t => t.RowCount));
        List<string> names = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (Column column in tables.SelectMany(t => t.Columns))
        {
            if (seen.Add(column.Name))
            {
                names.Add(column.Name);
            }
        }

        return new DataTable([.. names.Select(name => Concat(tables, name, rows))]);
    }

    private static Column Concat(IReadOnlyList<DataTable> tables, string name, int rows)
    {
        ColumnKind? kind = null;
        ColumnKind fallback = ColumnKind.Number;
        foreach (DataTable table in tables)
        {
            if (table.TryGet(name, out Column? column))
            {
                fallback = column.Kind;
                if (HasValues(column))
                {
                    kind = kind is { } known ? Meet(known, column.Kind) : column.Kind;
                }
            }
        }

        return (kind ?? fallback) == ColumnKind.Text ? ConcatText(tables, name, rows) : ConcatNumbers(tables, name, rows, kind ?? fallback);
    }

    private static ColumnKind Meet(ColumnKind a, ColumnKind b) => (a, b) switch
    {
        _ when a == b => a,
        (ColumnKind.Integer, ColumnKind.Number) or (ColumnKind.Number, ColumnKind.Integer) => ColumnKind.Number,
        _ => ColumnKind.Text,
    };

    private static bool HasValues(Column column)
    {
        for (int row = 0; row < column.Count; row++)
        {
            if (!column.IsMissing(row))
            {
                return true;
            }
        }

        return false;
    }

    private static NumericColumn ConcatNumbers(IReadOnlyList<DataTable> tables, string name, int rows, ColumnKind kind)
    {
        double[] values = new double[rows];
        int at = 0;
        foreach (DataTable table in tables)
        {
            Span<double> part = values.AsSpan(at, table.RowCount);
            if (table.TryGet(name, out Column? column) && column is NumericColumn numeric)
            {
                numeric.Values.CopyTo(part);
            }
            else
            {
                part.Fill(double.NaN);
            }

            at += table.RowCount;
        }

        return new NumericColumn(name, values, kind);
    }

    private static TextColumn ConcatText(IReadOnlyList<DataTable> tables, string name, int rows)
    {
        int[] codes = new int[rows];
        Dictionary<string, int> known = new(StringComparer.Ordinal);
        int at = 0;
        foreach (DataTable table in tables)
        {
            Span<int> part = codes.AsSpan(at, table.RowCount);
            part.Fill(-1);
            if (table.TryGet(name, out Column? column))
            {
                AppendText(column, part, known);
            }

            at += table.RowCount;
        }

        string[] dictionary = new string[known.Count];
        foreach ((string value, int code) in known)
        {
            dictionary[code] = value;
        }

        return new TextColumn(name, codes, dictionary);
    }

    private static void AppendText(Column column, Span<int> codes, Dictionary<string, int> known)
    {
        // Dictionary entries are looked up once each, not once a row.
        int[]? translated = column is TextColumn text ? [.. text.Dictionary.Select(entry => CodeOf(entry, known))] : null;
        for (int row = 0; row < codes.Length; row++)
        {
            if (!column.IsMissing(row))
            {
                codes[row] = translated is null ? CodeOf(column.Text(row)!, known) : translated[((TextColumn)column).Codes[row]];
            }
        }
    }

    private static int CodeOf(string value, Dictionary<string, int> known)
    {
        if (!known.TryGetValue(value, out int code))
        {
            code = known.Count;
            known.Add(value, code);
        }

        return code;
    }
}
