namespace Mlops.Core.Learning.Binning;

/// <summary>The rows whose keys are smallest: a sample that does not depend on the order of the rows or on how shards share them.</summary>
internal static class RowSample
{
    private const int CellBits = 12;

    /// <summary>Row positions in ascending order: all, or the <paramref name="take"/> of smallest key (distinct 64-bit hashes).</summary>
    public static int[] Draw(int rows, int take, Func<int, ulong> key)
    {
        if (rows <= take)
        {
            return Enumerable.Range(0, rows).ToArray();
        }

        // The upper 12 bits say which rows are in, but for those of the cell in which the count is reached.
        int[] cells = new int[1 << CellBits];
        for (int i = 0; i < rows; i++)
        {
            cells[key(i) >> (64 - CellBits)]++;
        }

        int cell = 0;
        int below = 0;
        while (below + cells[cell] < take)
        {
            below += cells[cell++];
        }

        List<ulong> edge = [];
        for (int i = 0; i < rows; i++)
        {
            if (key(i) >> (64 - CellBits) == (ulong)cell)
            {
                edge.Add(key(i));
            }
        }

        edge.Sort();
        ulong limit = edge[take - below - 1];
        int[] sample = new int[take];
        int count = 0;
        for (int i = 0; i < rows && count < take; i++)
        {
            if (key(i) <= limit)
            {
                sample[count++] = i;
            }
        }

        return sample;
    }
}
