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
        BinnedMatrix matrix = Empty(x.Rows, bins);
        matrix.Write(0, x, threads, cancellationToken);
        return matrix;
    }

    /// <summary>A matrix to write rows into.</summary>
    public static BinnedMatrix Empty(int rows, FeatureBins[] bins)
    {
        long cells = (long)rows * bins.Length;
        if (cells > Array.MaxLength)
        {
            throw new ArgumentException($"{rows} rows × {bins.Length} features are {cells} cells; expected at most {Array.MaxLength}. Train on fewer rows, or on shards.", nameof(rows));
        }

        return new BinnedMatrix(new byte[cells], rows, bins);
    }

    /// <summary>Bins some rows.</summary>
    /// <param name="firstRow">Where they go.</param>
    /// <param name="x">Their features.</param>
    /// <param name="threads">Threads at most.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Write(int firstRow, FeatureMatrix x, int threads, CancellationToken cancellationToken)
    {
        const int blockRows = 1024;
        ParallelBlocks.Do((x.Rows + blockRows - 1) / blockRows, threads, block =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = block * blockRows;
            int count = Math.Min(blockRows, x.Rows - start);
            for (int j = 0; j < Stride; j++)
            {
                Features[j].Apply(x.Column(j).Slice(start, count), Bins.AsSpan((int)((long)(firstRow + start) * Stride) + j), Stride);
            }
        });
    }

    /// <summary>Values that fall into the bins of some rows: any tree over these bins takes them where it takes the rows.</summary>
    public FeatureMatrix Representatives(int start, int count, IReadOnlyList<FeatureColumn> columns)
    {
        float[][] values = [.. columns.Select(_ => new float[count])];
        for (int j = 0; j < Stride; j++)
        {
            for (int i = 0; i < count; i++)
            {
                values[j][i] = Features[j].Representative(Bins[((start + i) * Stride) + j]);
            }
        }

        return new FeatureMatrix(count, columns, values);
    }
}
