using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Rows that are read twice, block by block, and held only as bins: for files whose features would not fit into memory.</summary>
/// <remarks>The first reading makes the sketch, the second the bins. Held are a byte per feature and the answer of each row, and the sketch, at most
/// 2 · <see cref="BinSketch.MaxRows"/> rows of it, until the bins are chosen. The model is the one of the rows held whole, bit for bit.</remarks>
/// <param name="features">The columns.</param>
/// <param name="rows">The number of rows, ≥ 1.</param>
/// <param name="hash">What changes when the rows do, such as the hash of the file and of the features made from it.</param>
/// <param name="read">Reads all rows from the beginning, giving them away block by block, in the same order each time. Either all blocks have weights or none has, and so with ids.</param>
public sealed class StreamedShard(IReadOnlyList<FeatureColumn> features, int rows, string hash, Action<Action<TrainingSet>> read) : InProcessShard
{
    private long _firstRow;

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Features => features;

    /// <inheritdoc/>
    public override int Rows => rows;

    /// <inheritdoc/>
    public override string Hash => hash;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are more or fewer rows than expected.</exception>
    public override BinSketch Sketch(long firstRow)
    {
        _firstRow = firstRow;
        GrowingSketch sketch = new(features);
        Read((block, start) => sketch.Add(block, firstRow + start));
        return sketch.Build();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There are more or fewer rows than expected.</exception>
    public override void Bin(IReadOnlyList<FeatureBins> bins, BoostingOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(options);
        BinnedMatrix binned = BinnedMatrix.Empty(rows, [.. bins]);
        float[] y = new float[rows];
        float[]? weights = null;
        long[]? ids = null;
        Read((block, start) =>
        {
            if (start > 0 && ((block.Weights is null) != (weights is null) || (block.RowIds is null) != (ids is null)))
            {
                throw new InvalidOperationException($"Row {start}: weights or ids begin or end; expected them in all blocks or in none.");
            }

            binned.Write(start, block.X, options.Threads, cancellationToken);
            block.Y.CopyTo(y, start);
            block.Weights?.CopyTo(weights ??= new float[rows], start);
            block.RowIds?.CopyTo(ids ??= new long[rows], start);
        });

        // The bins stand for the features from here on.
        TrainingSet answers = new(new FeatureMatrix(rows, [], []), y, weights, ids);
        Binned = new BoostingShard(answers, features, binned, options, _firstRow);
    }

    private void Read(Action<TrainingSet, int> take)
    {
        int count = 0;
        read(block =>
        {
            int start = count;
            count += block.Rows;
            if (count <= rows)
            {
                take(block, start);
            }
        });
        if (count != rows)
        {
            throw new InvalidOperationException($"Read {count} rows; expected {rows}. Give the number of rows that the file has, and let it not change during a training.");
        }
    }
}
