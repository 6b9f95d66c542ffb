namespace Mlops.Core.Learning.Binning;

/// <summary>The rows whose hashed ids are smallest: a sample that does not depend on the order of the rows or on how shards share them.</summary>
internal static class RowSample
{
    /// <summary>Rows that decide the bins: a bin of 1/255 then has its edges right to about a fortieth of its mass.</summary>
    public const int MaxRows = 100_000;

    /// <summary>Row positions in ascending order, or null when all rows are in.</summary>
    public static int[]? Draw(int rows, long[]? ids)
    {
        if (rows <= MaxRows)
        {
            return null;
        }

        // The upper 16 bits say which rows are in, but for those of the cell in which the count is reached.
        int[] cells = new int[65_536];
        for (int i = 0; i < rows; i++)
        {
            cells[Key(i) >> 48]++;
        }

        int cell = 0;
        int below = 0;
        while (below + cells[cell] < MaxRows)
        {
            below += cells[cell++];
        }

        List<ulong> edge = [];
        for (int i = 0; i < rows; i++)
        {
            if (Key(i) >> 48 == (ulong)cell)
            {
                edge.Add(Key(i));
            }
        }

        edge.Sort();
        ulong limit = edge[MaxRows - below - 1];
        List<int> sample = new(MaxRows);
        for (int i = 0; i < rows && sample.Count < MaxRows; i++)
        {
            if (Key(i) <= limit)
            {
                sample.Add(i);
            }
        }

        return [.. sample];

        ulong Key(int row) => Hash.Of(0, ids is null ? row : ids[row]);
    }
}
