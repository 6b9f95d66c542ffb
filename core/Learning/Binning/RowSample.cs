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

        ulong[] keys = new ulong[rows];
        for (int i = 0; i < rows; i++)
        {
            keys[i] = Hash.Of(0, ids is null ? i : ids[i]);
        }

        ulong[] sorted = [.. keys];
        Array.Sort(sorted);
        ulong limit = sorted[MaxRows - 1];
        List<int> sample = new(MaxRows);
        for (int i = 0; i < rows && sample.Count < MaxRows; i++)
        {
            if (keys[i] <= limit)
            {
                sample.Add(i);
            }
        }

        return [.. sample];
    }
}
