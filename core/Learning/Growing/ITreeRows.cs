namespace Mlops.Core.Learning.Growing;

/// <summary>The rows that a tree grows over, wherever they are: the grower asks for sums and says how leaves part, and never sees a row.</summary>
internal interface ITreeRows
{
    /// <summary>Packed sum and number of all rows in the tree.</summary>
    (long Sum, int Count) Root();

    /// <summary>Adds the histogram of a leaf's rows.</summary>
    /// <param name="leaf">The leaf's id; 0 is the root.</param>
    /// <param name="features">The columns in the tree, or null for all.</param>
    /// <param name="histogram">IN and OUT.</param>
    void AddHistogram(int leaf, int[]? features, long[] histogram);

    /// <summary>Parts a leaf's rows between two new ids and returns the number that went left.</summary>
    int Part(int leaf, Split split, int left, int right);
}
