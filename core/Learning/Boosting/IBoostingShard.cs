using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Some rows of a training, wherever they lie: what a worker answers so that many grow the trees of one. <see cref="LocalShard"/>, or <see cref="StreamedShard"/> for rows that would not fit into memory, is the worker's side;
/// for rows elsewhere, a proxy sends each call as a message.</summary>
/// <remarks>Whatever a shard tells is a maximum, a sum of integers or a sketch, so that the answers of all shards merge, in any order, into exactly those of the whole. Calls come from one thread, in this order:
/// <see cref="Sketch"/>, <see cref="Bin"/>, <see cref="Largest"/>, <see cref="Totals"/>, <see cref="Start"/>; in every iteration <see cref="LargestDerivatives"/> and <see cref="Quantise"/>; for every tree
/// <see cref="Draw"/>, <see cref="Root"/>, then <see cref="AddHistogram"/> and <see cref="Part"/> leaf by leaf, and <see cref="AddToScores"/>. The largest message is a histogram: eight bytes per bin of all
/// features, one per split (that of the sibling follows by subtraction). A shard may be asked the same twice only up to <see cref="Start"/>.</remarks>
public interface IBoostingShard
{
    /// <summary>The columns, the same in all shards.</summary>
    IReadOnlyList<FeatureColumn> Features { get; }

    /// <summary>Its rows, ≥ 1.</summary>
    int Rows { get; }

    /// <summary>A hash of its rows, so that a checkpoint is only resumed on what it came from.</summary>
    string Hash { get; }

    /// <summary>What the bins are chosen from.</summary>
    /// <param name="firstRow">The position of its first row in the whole: rows without ids are known by their position.</param>
    BinSketch Sketch(long firstRow);

    /// <summary>Bins its rows.</summary>
    /// <param name="bins">The bins, the same in all shards.</param>
    /// <param name="options">Settings; a shard may use another number of threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    void Bin(IReadOnlyList<FeatureBins> bins, BoostingOptions options, CancellationToken cancellationToken);

    /// <summary>The largest weight and the largest |weight · answer|.</summary>
    (double Weight, double Answer) Largest();

    /// <summary>Total weight, then the sum of weighted answers (multi-class: the weight of each class), as whole multiples of the units.</summary>
    Int128[] Totals(double weightUnit, double answerUnit);

    /// <summary>Sets all scores to the base, one number per raw score.</summary>
    void Start(double[] baseScores);

    /// <summary>Per raw score the largest |gradient| and the largest hessian at the current scores.</summary>
    (float[] Gradient, float[] Hessian) LargestDerivatives(CancellationToken cancellationToken);

    /// <summary>Turns the derivatives at the current scores into integers, per raw score in its units, rounded at random by its seed and the rows' ids.</summary>
    void Quantise(double[] gradientUnits, double[] hessianUnits, uint[] seeds, CancellationToken cancellationToken);

    /// <summary>Begins a tree: draws its rows by their ids and puts them into leaf 0.</summary>
    /// <param name="output">The raw score that the tree adds to.</param>
    /// <param name="seed">The iteration's seed.</param>
    void Draw(int output, ulong seed);

    /// <summary>Packed sum (gradient in the upper, hessian in the lower 32 bits) and number of the rows in the tree.</summary>
    (long Sum, int Count) Root();

    /// <summary>Adds the histogram of a leaf's rows to one that may hold others already.</summary>
    /// <param name="leaf">The leaf's id.</param>
    /// <param name="features">The columns in the tree, or null for all.</param>
    /// <param name="histogram">IN and OUT: packed sums, feature after feature, one entry per bin and the missing bin last.</param>
    void AddHistogram(int leaf, int[]? features, long[] histogram);

    /// <summary>Parts a leaf's rows between two new ids, and returns how many went left.</summary>
    int Part(int leaf, ShardSplit split, int left, int right);

    /// <summary>Adds a tree to the scores.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="leaves">The leaves of the tree that was just grown; null for a tree from a checkpoint, through which rows are walked.</param>
    void AddToScores(DecisionTree tree, IReadOnlyList<ShardLeaf>? leaves);

    /// <summary>Sums of weighted losses and of weights over its rows.</summary>
    /// <remarks>The one sum in floating point: it tells how training goes and decides nothing.</remarks>
    (double Loss, double Weight) LossSum();
}

/// <summary>How a shard parts the rows of a leaf.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Bin">Numeric: bins up to this go left.</param>
/// <param name="LeftBins">Categorical: per bin whether it goes left; null for a numeric column.</param>
/// <param name="MissingLeft">Whether the missing bin goes left.</param>
public sealed record ShardSplit(int Feature, int Bin, bool[]? LeftBins, bool MissingLeft);

/// <summary>A leaf of a grown tree.</summary>
/// <param name="Id">What its rows are known by.</param>
/// <param name="Node">Its node in the tree.</param>
public sealed record ShardLeaf(int Id, int Node);
