using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>A shard whose binned rows lie in this process, however they came there.</summary>
public abstract class InProcessShard : IBoostingShard
{
    private BoostingShard? _binned;

    private protected InProcessShard()
    {
    }

    /// <inheritdoc/>
    public abstract IReadOnlyList<FeatureColumn> Features { get; }

    /// <inheritdoc/>
    public abstract int Rows { get; }

    /// <inheritdoc/>
    public abstract string Hash { get; }

    /// <summary>The binned rows.</summary>
    internal BoostingShard Binned
    {
        get => _binned ?? throw new InvalidOperationException("The shard has no bins yet; expected Sketch and Bin before anything else.");
        private protected set => _binned = value;
    }

    /// <inheritdoc/>
    public abstract BinSketch Sketch(long firstRow);

    /// <inheritdoc/>
    public abstract void Bin(IReadOnlyList<FeatureBins> bins, BoostingOptions options, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public (double Weight, double Answer) Largest() => Binned.Largest();

    /// <inheritdoc/>
    public Int128[] Totals(double weightUnit, double answerUnit) => Binned.Totals(weightUnit, answerUnit);

    /// <inheritdoc/>
    public void Start(double[] baseScores) => Binned.Start(baseScores);

    /// <inheritdoc/>
    public (float[] Gradient, float[] Hessian) LargestDerivatives(CancellationToken cancellationToken) => Binned.LargestDerivatives(cancellationToken);

    /// <inheritdoc/>
    public void Quantise(double[] gradientUnits, double[] hessianUnits, uint[] seeds, CancellationToken cancellationToken) =>
        Binned.Quantise(gradientUnits, hessianUnits, seeds, cancellationToken);

    /// <inheritdoc/>
    public void Draw(int output, ulong seed) => Binned.Draw(output, seed);

    /// <inheritdoc/>
    public (long Sum, int Count) Root() => Binned.Rows.Root();

    /// <inheritdoc/>
    public void AddHistogram(int leaf, int[]? features, long[] histogram) => Binned.Rows.AddHistogram(leaf, features, histogram);

    /// <inheritdoc/>
    public int Part(int leaf, ShardSplit split, int left, int right)
    {
        ArgumentNullException.ThrowIfNull(split);
        Split apply = new() { Feature = split.Feature, Bin = split.Bin, LeftBins = split.LeftBins, MissingLeft = split.MissingLeft, Gain = 0, LeftSum = 0, LeftValue = 0, RightValue = 0 };
        return Binned.Rows.Part(leaf, apply, left, right);
    }

    /// <inheritdoc/>
    public void AddToScores(DecisionTree tree, IReadOnlyList<ShardLeaf>? leaves) =>
        Binned.AddToScores(tree, leaves?.Select(leaf => new Leaf { Node = leaf.Node, Id = leaf.Id, State = default, Depth = 0, L2 = 0 }).ToList());

    /// <inheritdoc/>
    public (double Loss, double Weight) LossSum() => Binned.LossSum();
}
