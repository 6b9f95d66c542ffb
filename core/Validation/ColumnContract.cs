using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>What one column looked like in the first good batch. Tolerances come from the configuration when a batch is checked.</summary>
public sealed record ColumnContract
{
    /// <summary>The name, exactly.</summary>
    public required string Name { get; init; }

    /// <summary>The kind; null when the column had no value, so that nothing is known.</summary>
    public ColumnKind? Kind { get; init; }

    /// <summary>Fraction of the rows without a value, 0 … 1.</summary>
    public double MissingFraction { get; init; }

    /// <summary>The smallest value of a Number or Integer column.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest value of a Number or Integer column.</summary>
    public double? Maximum { get; init; }

    /// <summary>The texts of a Text column in ordinal order, when they are a closed set: at most <see cref="MaxCategories"/>, each on average in two rows or more. Null otherwise.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Whether the values of a Text or Integer column were all present and different, in at least <see cref="MinUniqueRows"/> rows.</summary>
    public bool IsUnique { get; init; }

    /// <summary>A text column with more distinct values is free text.</summary>
    public const int MaxCategories = 1000;

    /// <summary>In fewer rows, values that all differ prove nothing.</summary>
    public const int MinUniqueRows = 100;

    /// <summary>Infers the contract of a column.</summary>
    internal static ColumnContract Infer(Column column)
    {
        (int present, int distinct) = (0, 0);
        double minimum = double.PositiveInfinity;
        double maximum = double.NegativeInfinity;
        List<string> categories = [];
        if (column is NumericColumn numeric)
        {
            HashSet<double> seen = [];
            foreach (double value in numeric.Values)
            {
                if (!double.IsNaN(value))
                {
                    present++;
                    seen.Add(value);
                    minimum = Math.Min(minimum, value);
                    maximum = Math.Max(maximum, value);
                }
            }

            distinct = seen.Count;
        }
        else if (column is TextColumn text)
        {
            bool[] seen = new bool[text.Dictionary.Count];
            foreach (int code in text.Codes)
            {
                if (code >= 0)
                {
                    present++;
                    distinct += seen[code] ? 0 : 1;
                    seen[code] = true;
                }
            }

            categories = [.. text.Dictionary.Where((_, code) => seen[code]).Order(StringComparer.Ordinal)];
        }

        bool hasRange = present > 0 && column.Kind is ColumnKind.Number or ColumnKind.Integer;
        bool unique = column.Kind is ColumnKind.Text or ColumnKind.Integer && distinct == column.Count && column.Count >= MinUniqueRows;
        return new ColumnContract
        {
            Name = column.Name,
            Kind = present == 0 ? null : column.Kind,
            MissingFraction = column.Count == 0 ? 0 : 1 - ((double)present / column.Count),
            Minimum = hasRange ? minimum : null,
            Maximum = hasRange ? maximum : null,
            Categories = column.Kind == ColumnKind.Text && distinct > 0 && distinct <= MaxCategories && distinct * 2 <= present ? categories : null,
            IsUnique = unique,
        };
    }
}
