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
        Offsets = new int[features.Length + 1];
        for (int j = 0; j < features.Length; j++)
        {
            Offsets[j + 1] = Offsets[j] + features[j].Count;
        }
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

    /// <summary>Chooses bins from at most <see cref="RowSample.MaxRows"/> rows (drawn by row id) and applies them to all.</summary>
    public static BinnedMatrix Create(TrainingSet set, int maxBins, int threads, CancellationToken cancellationToken)
    {
        FeatureMatrix x = set.X;
        int[]? sample = RowSample.Draw(x.Rows, set.RowIds);
        FeatureBins[] bins = new FeatureBins[x.Columns];
        Parallel.For(0, x.Columns, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, j =>
            bins[j] = FindBins(x, j, sample, maxBins));
        return Apply(x, bins, threads, cancellationToken);
    }

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
        Parallel.For(0, (x.Rows + blockRows - 1) / blockRows, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, block =>
        {
            int start = block * blockRows;
            int count = Math.Min(blockRows, x.Rows - start);
            for (int j = 0; j < stride; j++)
            {
                bins[j].Apply(x.Column(j).Slice(start, count), cellsOut.AsSpan((int)((long)start * stride) + j), stride);
            }
        });
        return new BinnedMatrix(cellsOut, x.Rows, bins);
    }

    private static FeatureBins FindBins(FeatureMatrix x, int j, int[]? sample, int maxBins)
    {
        ReadOnlySpan<float> column = x.Column(j);
        if (x.Features[j].IsCategorical)
        {
            long[] counts = new long[x.Features[j].Cardinality];
            foreach (float value in column)
            {
                if (value >= 0 && value < counts.Length)
                {
                    counts[(int)value]++;
                }
            }

            return BinFinder.Categorical(counts, maxBins);
        }

        float[] values = new float[sample?.Length ?? column.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = column[sample is null ? i : sample[i]];
        }

        return BinFinder.Numeric(values, maxBins);
    }
}
