using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Rows held in this process.</summary>
/// <param name="set">The rows, at least one.</param>
public sealed class LocalShard(TrainingSet set) : InProcessShard
{
    private long _firstRow;

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Features => set.X.Features;

    /// <inheritdoc/>
    public override int Rows => set.Rows;

    /// <inheritdoc/>
    public override string Hash => Fingerprint.Of(set);

    /// <inheritdoc/>
    public override BinSketch Sketch(long firstRow)
    {
        _firstRow = firstRow;
        return BinSketch.Of(set, firstRow);
    }

    /// <inheritdoc/>
    public override void Bin(IReadOnlyList<FeatureBins> bins, BoostingOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(bins);
        ArgumentNullException.ThrowIfNull(options);
        BinnedMatrix binned = BinnedMatrix.Apply(set.X, [.. bins], options.Threads, cancellationToken);
        Binned = new BoostingShard(set, set.X.Features, binned, options, _firstRow);
    }
}
