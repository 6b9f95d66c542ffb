using System.Globalization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>Checks one column of a batch against its contract.</summary>
internal sealed class ColumnChecks(ColumnContract contract, Column column, int contractRows, ModelConfiguration configuration, Findings findings)
{
    // Three standard errors: exceeded by chance in about one of 700 columns.
    private const double BeyondChance = 3;

    private readonly ValidationOptions _options = configuration.Validation;

    public void Run()
    {
        CheckMissing();
        if (contract.Kind == ColumnKind.Integer && column.Kind == ColumnKind.Number)
        {
            CheckFractions();
        }

        if (column is NumericColumn numeric && contract is { Minimum: { } minimum, Maximum: { } maximum })
        {
            CheckRange(numeric, minimum, maximum);
        }

        if (column is TextColumn text && contract.Categories is { } categories)
        {
            CheckCategories(text, categories);
        }

        if (contract.IsUnique && contract.Kind == column.Kind)
        {
            CheckUnique();
        }
    }

    private void CheckMissing()
    {
        int missing = 0;
        for (int row = 0; row < column.Count; row++)
        {
            missing += column.IsMissing(row) ? 1 : 0;
        }

        double now = (double)missing / column.Count;
        double rise = now - contract.MissingFraction;
        double pooled = ((contract.MissingFraction * contractRows) + missing) / (contractRows + column.Count);
        double error = Math.Sqrt(pooled * (1 - pooled) * ((1.0 / contractRows) + (1.0 / column.Count)));
        if (rise > _options.MissingRise && rise > BeyondChance * error)
        {
            Severity severity = rise > _options.MissingBlock ? Severity.Block : Severity.Warn;
            findings.Column(
                column.Name,
                severity,
                $"{Percent(now)} of the values missing",
                $"about {Percent(contract.MissingFraction)} as in the first batch",
                severity == Severity.Block ? "Correct the source, or raise 'validation.missingBlock' in model.yaml." : "Check the source.");
        }
    }

    private void CheckFractions()
    {
        ReadOnlySpan<double> values = ((NumericColumn)column).Values;
        List<int> rows = [];
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] != Math.Floor(values[row]) && !double.IsNaN(values[row]))
            {
                rows.Add(row);
            }
        }

        findings.Column(
            column.Name,
            Severity.Warn,
            $"numbers with a fraction in {rows.Count:N0} of {values.Length:N0} rows",
            "whole numbers as in the first batch",
            $"If fractions are right, set types: {{{Excerpt.Of(column.Name)}: number}} in model.yaml.");
        findings.Rows(column, rows, "a whole number", "Check the value.");
    }

    private void CheckRange(NumericColumn numeric, double minimum, double maximum)
    {
        // A column that was constant has no span to judge by; its own size stands in.
        double span = maximum > minimum ? maximum - minimum : Math.Max(Math.Abs(maximum), 1);
        (double low, double high) = (minimum - (_options.RangeMargin * span), maximum + (_options.RangeMargin * span));
        (double farLow, double farHigh) = (minimum - (_options.FarMargin * span), maximum + (_options.FarMargin * span));
        List<int> rows = [];
        int far = 0;
        int present = 0;
        ReadOnlySpan<double> values = numeric.Values;
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row];
            present += double.IsNaN(value) ? 0 : 1;
            if (value < low || value > high)
            {
                rows.Add(row);
                far += value < farLow || value > farHigh ? 1 : 0;
            }
        }

        if (rows.Count == 0)
        {
            return;
        }

        bool blocks = far > _options.FarValues * present;
        string seen = $"{Number(minimum)} … {Number(maximum)} as in the first batch";
        findings.Count(column.Name, rows.Count);
        findings.Column(
            column.Name,
            blocks ? Severity.Block : Severity.Warn,
            blocks
                ? $"{far:N0} of {present:N0} values far outside (first: row {FirstRow(rows)})"
                : $"{rows.Count:N0} of {present:N0} values outside (first: row {FirstRow(rows)})",
            $"{seen}, with a margin of {Number(low)} … {Number(high)}",
            blocks ? "Check the unit of the column; if it is right, raise 'validation.farMargin' in model.yaml." : "Check the values.");
        findings.Rows(column, rows, $"a value in {Number(low)} … {Number(high)}", "Check the value.");
    }

    private void CheckCategories(TextColumn text, IReadOnlyList<string> categories)
    {
        HashSet<string> known = new(categories, StringComparer.Ordinal);
        bool[] isNew = [.. text.Dictionary.Select(entry => !known.Contains(entry))];
        List<int> rows = [];
        HashSet<int> kinds = [];
        int present = 0;
        for (int row = 0; row < text.Count; row++)
        {
            int code = text.Codes[row];
            present += code >= 0 ? 1 : 0;
            if (code >= 0 && isNew[code])
            {
                rows.Add(row);
                kinds.Add(code);
            }
        }

        double fraction = present == 0 ? 0 : (double)rows.Count / present;
        if (fraction <= _options.NewCategories)
        {
            return;
        }

        bool blocks = fraction > _options.NewCategoriesBlock;
        string expected = $"categories of the first batch such as {string.Join(", ", categories.Take(5).Select(c => $"'{Excerpt.Of(c)}'"))}";
        findings.Count(column.Name, rows.Count);
        findings.Column(
            column.Name,
            blocks ? Severity.Block : Severity.Warn,
            $"{rows.Count:N0} of {present:N0} values in {kinds.Count:N0} unknown categories (first: row {FirstRow(rows)})",
            expected,
            blocks ? "Check the spelling or coding of the column; if it is right, raise 'validation.newCategoriesBlock' in model.yaml." : "Check the spelling.");
        findings.Rows(column, rows, expected, "Check the value.");
    }

    private void CheckUnique()
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<int> rows = [];
        for (int row = 0; row < column.Count; row++)
        {
            if (column.Text(row) is { } value && !seen.Add(value))
            {
                rows.Add(row);
            }
        }

        if (rows.Count > 0)
        {
            findings.Count(column.Name, rows.Count);
            findings.Column(column.Name, Severity.Warn, $"{rows.Count:N0} values that repeat an earlier one (first: row {FirstRow(rows)})", "a different value in every row, as in the first batch", "Check whether rows were sent twice.");
            findings.Rows(column, rows, "a value that no earlier row has", "Check whether the row was sent twice.");
        }
    }

    private int FirstRow(List<int> rows) => findings.FileRow(rows[0]);

    private string Number(double value) => column.Kind == ColumnKind.Integer && Math.Abs(value) < 1e15 && value == Math.Floor(value)
        ? value.ToString("F0", CultureInfo.InvariantCulture)
        : value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Percent(double fraction) => (fraction * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";
}
