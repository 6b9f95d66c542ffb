using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>What is to be learned from a table, or why nothing can be.</summary>
/// <param name="Task">The task; null when a problem blocks it.</param>
/// <param name="Rows">The rows of the table (0-based, ascending) to learn from: those with a usable target.</param>
/// <param name="DroppedRows">Rows left out: their target is missing, or they are the only one of their class.</param>
/// <param name="DroppedColumns">Columns that are not features, with the reason; the target is not among them.</param>
/// <param name="Problems">What is wrong with the target or the columns.</param>
public sealed record TaskResolution(
    LearningTask? Task,
    IReadOnlyList<int> Rows,
    int DroppedRows,
    IReadOnlyDictionary<string, string> DroppedColumns,
    IReadOnlyList<DataProblem> Problems)
{
    /// <summary>The rows to learn from as a table; the same table when no row was left out.</summary>
    public DataTable Select(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Rows.Count == table.RowCount ? table : table.Take([.. Rows]);
    }
}
