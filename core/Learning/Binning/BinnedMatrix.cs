namespace Mlops.Core.Learning.Binning;

/// <summary>Rows × features of bin numbers, one byte each, row by row.</summary>
/// <remarks>Row by row, because a histogram step reads every feature of a row: one or two cache lines, however sparse the rows of a leaf lie.</remarks>
internal sealed class BinnedMatrix
{
    private BinnedMatrix(byte[] bins, int rows, FeatureBins[] features)
    {
        Bins = bins;
        Rows = rows;
        Features = features;
        Offsets = OffsetsOf(features);
    }

    /// <summary>Bin of (row, feature) at row · stride + feature; the stride is the number of features.</summary>
    public byte[] Bins { get; }

    public int Rows { get; }

    public FeatureBins[] Features { get; }

    public int Stride => Features.Length;

    /// <summary>Per feature where its bins begin in a histogram; one more entry for the end.</summary>
    public int[] Offsets { get; }

    /// <summary>Bins of all features together: the length of a histogram.</summary>
    public int TotalBins => Offsets[^1];

    /// <summary>Per feature where its bins begin in a histogram; one more entry for the end.</summary>
    public static int[] OffsetsOf(FeatureBins[] features)
    {
        int[] offsets = new int[features.Length + 1];
        for (int j = 0; j < features.Length; j++)
        {
            offsets[j + 1] = offsets[j] + features[j].Count;
        }

        return offsets;
    }

    /// <summary>Chooses bins from a sample of the rows and applies them to all.</summary>
    public static BinnedMatrix Create(TrainingSet set, int maxBins, int threads, CancellationToken cancellationToken) =>
        Apply(set.X, BinSketch.Of(set, 0).ToBins(maxBins), threads, cancellationToken);

    /// <summary>Applies known bins.</summary>
    public static BinnedMatrix Apply(FeatureMatrix x, FeatureBins[] bins, int threads, CancellationToken cancellationToken)
    {
        const int blockRows = 1024;
        long cells = (long)x.Rows * bins.Length;
        if (cells > Array.MaxLength)
        {
            throw new ArgumentException($"{x.Rows} rows × {bins.Length} features are {cells} cells; expected at most {Array.MaxLength}. Train on fewer rows, or on shards.", nameof(x));
        }

        byte[] cellsOut = new byte[cells];
        int stride = bins.Length;
        ParallelBlocks.Do((x.Rows + blockRows - 1) / blockRows, threads, block =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = block * blockRows;
            int count = Math.Min(blockRows, x.Rows - start);
            for (int j = 0; j < stride; j++)
            {
                bins[j].Apply(x.Column(j).Slice(start, count), cellsOut.AsSpan((int)((long)start * stride) + j), stride);
            }
        });
        return new BinnedMatrix(cellsOut, x.Rows, bins);
    }
}
