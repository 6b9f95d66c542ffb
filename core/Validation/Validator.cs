using Mlops.Core.Configuration;
using Mlops.Core.Data;

namespace Mlops.Core.Validation;

/// <summary>Checks a batch as it was read: against the contract of its model, or alone when it is the first.</summary>
/// <remarks>It finds what is broken: columns, kinds, units, codes, missing values. Whether the values drift is for monitoring to say, by tests with a stated error rate.</remarks>
public static class Validator
{
    /// <summary>The kinds to read a batch with: those of the contract, overruled by the configuration. Columns not in it are inferred.</summary>
    public static IReadOnlyDictionary<string, ColumnKind> KindsFor(DataContract? contract, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Dictionary<string, ColumnKind> kinds = contract is null ? new(StringComparer.Ordinal) : new(contract.Kinds, StringComparer.Ordinal);
        foreach ((string column, ColumnKind kind) in configuration.Types)
        {
            kinds[column] = kind;
        }

        return kinds;
    }

    /// <summary>Checks a batch. When it does not block and there is no contract yet, infer one with <see cref="DataContract.Infer"/>.</summary>
    /// <param name="read">The batch, read with <see cref="KindsFor"/> of the same contract and configuration.</param>
    /// <param name="contract">The contract; null for the first batch of a model.</param>
    /// <param name="configuration">The configuration with the tolerances.</param>
    public static ValidationReport Check(BatchRead read, DataContract? contract, ModelConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(configuration);
        HashSet<string> ignored = new(configuration.Ignore, StringComparer.Ordinal);
        Findings findings = new(read, ignored);
        foreach (DataProblem problem in read.Problems)
        {
            findings.Add(problem);
        }

        if (read.Table is { } table)
        {
            CheckFile(read, table, configuration, findings);
            CheckConfigured(table, configuration, findings);
            CheckEmpty(table, ignored, findings);
            if (contract is not null)
            {
                CheckContract(table, contract, configuration, ignored, findings);
            }

            CheckTarget(table, contract, configuration, findings);
        }

        return findings.Report();
    }

    // Rows, bad rows and bad values: whatever the contract says.
    private static void CheckFile(BatchRead read, DataTable table, ModelConfiguration configuration, Findings findings)
    {
        ValidationOptions options = configuration.Validation;
        if (table.RowCount < options.MinimumRows)
        {
            findings.Add(new DataProblem(null, null, $"{table.RowCount:N0} rows", $"at least {options.MinimumRows:N0}", "Collect more rows, or lower 'validation.minimumRows' in model.yaml.", Severity.Block));
        }

        int allRows = table.RowCount + read.SkippedRows.Count;
        if (read.SkippedRows.Count > options.BadRows * allRows)
        {
            findings.Add(new DataProblem(
                null,
                null,
                $"{read.SkippedRows.Count:N0} of {allRows:N0} rows that cannot be read (first: row {read.SkippedRows[0]})",
                $"at most {options.BadRows:P0} of such rows",
                "Correct the file; the rows below say what is wrong.",
                Severity.Block));
        }

        foreach ((string column, int bad) in read.BadCells)
        {
            findings.Count(column, bad);
            int present = PresentIn(table[column]) + bad;
            if (bad > options.BadValues * present)
            {
                string kind = table[column].Kind.ToString().ToLowerInvariant();
                findings.Column(
                    column,
                    Severity.Block,
                    $"{bad:N0} of {present:N0} values that are not of kind {kind}",
                    $"at most {options.BadValues:P0} of such values",
                    $"Correct the file, or set types: {{{Excerpt.Of(column)}: text}} in model.yaml if they are right.");
            }
        }
    }

    // What model.yaml says about columns must fit the data.
    private static void CheckConfigured(DataTable table, ModelConfiguration configuration, Findings findings)
    {
        foreach (string name in configuration.Ignore.Concat(configuration.Types.Keys).Distinct(StringComparer.Ordinal))
        {
            if (!table.TryGet(name, out _))
            {
                findings.Add(new DataProblem(null, name, "no such column", "a column that model.yaml names", "Correct the name in model.yaml.", Severity.Warn));
            }
        }

        foreach ((string name, ColumnKind kind) in configuration.Types)
        {
            if (kind == ColumnKind.Integer && table.TryGet(name, out Column? column) && column.Kind == ColumnKind.Number)
            {
                findings.Column(name, Severity.Block, "numbers with a fraction", "whole numbers, as model.yaml says", "Correct the values, or set the column's type to number.");
            }
        }
    }

    private static void CheckEmpty(DataTable table, HashSet<string> ignored, Findings findings)
    {
        foreach (Column column in table.Columns)
        {
            if (!ignored.Contains(column.Name) && PresentIn(column) == 0)
            {
                findings.Column(column.Name, Severity.Warn, "no value in any row", "values", "Fill in the column or leave it out.");
            }
        }
    }

    private static void CheckContract(DataTable table, DataContract contract, ModelConfiguration configuration, HashSet<string> ignored, Findings findings)
    {
        foreach (ColumnContract column in contract.Columns)
        {
            if (ignored.Contains(column.Name))
            {
                continue;
            }

            if (table.TryGet(column.Name, out Column? found))
            {
                new ColumnChecks(column, found, contract.Rows, configuration, findings).Run();
            }
            else if (column.Kind is not null)
            {
                string? similar = table.Columns.FirstOrDefault(c => string.Equals(c.Name.Trim(), column.Name.Trim(), StringComparison.OrdinalIgnoreCase))?.Name;
                findings.Column(
                    column.Name,
                    Severity.Block,
                    similar is null ? "no such column" : $"no such column, but '{Excerpt.Of(similar)}'",
                    "the column, as in the first batch",
                    similar is null ? "Add it, or list it under 'ignore' in model.yaml." : "Rename it.");
            }
        }

        HashSet<string> known = [.. contract.Columns.Select(c => c.Name)];
        foreach (Column column in table.Columns)
        {
            if (!known.Contains(column.Name) && !ignored.Contains(column.Name))
            {
                findings.Column(column.Name, Severity.Warn, "a column that the first batch did not have", "the columns of the first batch", "If it is to stay, nothing; else leave it out or list it under 'ignore' in model.yaml.");
            }
        }

        CheckRows(table, contract, configuration.Validation, findings);
    }

    private static void CheckRows(DataTable table, DataContract contract, ValidationOptions options, Findings findings)
    {
        if (table.RowCount > contract.Rows * options.RowsFactor || table.RowCount * options.RowsFactor < contract.Rows)
        {
            findings.Add(new DataProblem(null, null, $"{table.RowCount:N0} rows", $"up to {options.RowsFactor:0.#} times more or fewer than the first batch's {contract.Rows:N0}", "Check that the file is whole and not several.", Severity.Warn));
        }

        double duplicates = DataContract.DuplicatesOf(table);
        if (duplicates - contract.DuplicateFraction > options.DuplicateRise)
        {
            findings.Add(new DataProblem(null, null, $"{duplicates:P1} of the rows equal to an earlier row", $"about {contract.DuplicateFraction:P1} as in the first batch", "Check whether rows were sent twice.", Severity.Warn));
        }
    }

    private static void CheckTarget(DataTable table, DataContract? contract, ModelConfiguration configuration, Findings findings)
    {
        // A batch that joins others need not hold every class, or differ at all; one that is trained on alone must.
        bool alone = contract is null || configuration.Training.Data == DataScope.Newest;
        List<DataProblem> problems = [];
        Column? target = configuration.Task == TaskChoice.Anomaly ? null : TaskResolver.FindTarget(table, configuration, problems);
        if (alone)
        {
            problems = [.. TaskResolver.Resolve(table, configuration).Problems];
        }

        else if (TrainingColumns.CheckWeights(table, configuration, [.. Enumerable.Range(0, table.RowCount)]) is { } wrong)
        {
            // Once kept, a batch with such weights would stop every later training.
            problems.Add(wrong);
        }

        problems.ForEach(findings.Add);
        if (target is null)
        {
            return;
        }

        int missing = target.Count - PresentIn(target);
        if (missing == target.Count && !alone)
        {
            findings.Column(target.Name, Severity.Block, "a target without any value", "a value in most rows", "Fill in the target.");
        }
        else if (missing > 0 && missing < target.Count)
        {
            findings.Column(target.Name, Severity.Warn, $"{missing:N0} of {target.Count:N0} rows without a target", "a target in every row", "Those rows are not trained on; fill in the target.");
        }
    }

    private static int PresentIn(Column column)
    {
        int present = 0;
        for (int row = 0; row < column.Count; row++)
        {
            present += column.IsMissing(row) ? 0 : 1;
        }

        return present;
    }
}
