namespace Mlops.Core.Evaluation;

/// <summary>What a resample draws: rows, or blocks of rows that share their errors.</summary>
internal sealed class Draws
{
    private readonly ScoredRows _rows;
    private readonly int[]? _drawOfRow;

    /// <summary>The draws of some rows.</summary>
    /// <param name="rows">The rows with an answer.</param>
    /// <param name="blocks">Per row of the table its block; null when every row is drawn alone.</param>
    public Draws(ScoredRows rows, IReadOnlyList<int>? blocks)
    {
        _rows = rows;
        Count = rows.Count;
        if (blocks is not null)
        {
            int[] present = [.. rows.Rows.Select(row => blocks[row]).Distinct().Order()];
            _drawOfRow = [.. rows.Rows.Select(row => Array.BinarySearch(present, blocks[row]))];
            Count = present.Length;
        }
    }

    /// <summary>Rows or blocks that can be drawn.</summary>
    public int Count { get; }

    /// <summary>Whether every draw is one row.</summary>
    public bool AreRows => _drawOfRow is null;

    /// <summary>How much each row counts when the draws come up so many times.</summary>
    public double[] Weigh(ReadOnlySpan<int> counts)
    {
        double[] weights = new double[_rows.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = counts[_drawOfRow is null ? i : _drawOfRow[i]] * _rows.Weights[i];
        }

        return weights;
    }
}
