namespace Mlops.Core.Data;

/// <summary>A batch as it was read, and everything wrong with it.</summary>
/// <param name="Table">The rows that could be read; null when the file cannot be read at all.</param>
/// <param name="Problems">The first problems in the order of the file, at most <see cref="BatchLimits.MaxProblems"/>.</param>
/// <param name="ProblemCount">All problems, told or not.</param>
public sealed record BatchRead(DataTable? Table, IReadOnlyList<DataProblem> Problems, int ProblemCount)
{
    /// <summary>Data rows of the file that are not in the table because they could not be split into columns, 1-based, ascending.</summary>
    public IReadOnlyList<int> SkippedRows { get; init; } = [];

    /// <summary>Per column the cells that did not convert and became missing; columns without are absent.</summary>
    public IReadOnlyDictionary<string, int> BadCells { get; init; } = new Dictionary<string, int>();

    /// <summary>Uncompressed bytes read.</summary>
    public long Bytes { get; init; }

    /// <summary>The 1-based data row of the file from which row <paramref name="tableRow"/> (0-based) of the table comes. O(log skipped).</summary>
    public int FileRow(int tableRow)
    {
        // Skipped row s (its i-th, 0-based) stands before exactly s − 1 − i table rows, which does not decrease with i.
        int low = 0;
        int high = SkippedRows.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (SkippedRows[middle] - 1 - middle <= tableRow)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return tableRow + 1 + low;
    }
}
