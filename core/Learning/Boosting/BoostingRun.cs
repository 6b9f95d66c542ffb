using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>One training over one or more shards: merges what the shards tell and grows the trees.</summary>
/// <remarks>Everything merged is a maximum or a sum of integers, so the number of shards does not change a bit of the model.</remarks>
internal sealed class BoostingRun
{
    private readonly BoostingOptions _options;
    private readonly Loss _loss;
    private readonly IReadOnlyList<FeatureColumn> _columns;
    private readonly IReadOnlyList<IBoostingShard> _shards;
    private readonly ITreeRows _rows;
    private readonly TreeGrower _grower;
    private readonly double[] _base;
    private readonly double[] _gradientUnits;
    private readonly double[] _hessianUnits;
    private readonly int _count;
    private readonly PhaseTimer? _timer;

    public BoostingRun(IReadOnlyList<IBoostingShard> shards, BoostingOptions options, PhaseTimer? timer, CancellationToken cancellationToken)
    {
        long start = timer?.Start() ?? 0;
        _options = options;
        _timer = timer;
        _loss = Loss.Of(options);
        _columns = shards[0].Features;
        _shards = shards;
        long[] firstRows = new long[shards.Count + 1];
        for (int s = 0; s < shards.Count; s++)
        {
            firstRows[s + 1] = firstRows[s] + shards[s].Rows;
        }

        _count = checked((int)firstRows[^1]);
        BinSketch[] sketches = shards.Select((shard, s) => shard.Sketch(firstRows[s])).ToArray();
        FeatureBins[] bins = (sketches.Length == 1 ? sketches[0] : BinSketch.Merge(sketches)).ToBins(options.MaxBins);
        foreach (IBoostingShard shard in shards)
        {
            shard.Bin(bins, options, cancellationToken);
        }

        _rows = shards is [InProcessShard local] ? local.Binned.Rows : new ShardedRows(shards);
        _grower = new TreeGrower(bins, new GrowerOptions
        {
            MaxLeaves = options.MaxLeaves,
            MaxDepth = options.MaxDepth,
            MinLeafRows = options.MinLeafRows,
            MinLeafWeight = options.MinLeafWeight,
            MinGain = options.MinGain,
            L1 = options.L1,
            L2 = options.L2,
            CategoricalL2 = options.CategoricalL2,
            Monotone = options.Monotone,
            MaxStep = _loss.MaxStep,
        }, timer);
        _gradientUnits = new double[Width];
        _hessianUnits = new double[Width];
        _base = BaseScores();
        foreach (IBoostingShard shard in _shards)
        {
            shard.Start(_base);
        }

        timer?.Stop("binning", start);
    }

    public List<DecisionTree> Trees { get; } = [];

    public int Width => _loss.Width;

    public TreeEnsemble Model(int iterations) => new()
    {
        Features = _columns,
        Trees = Trees.Take(iterations * Width).ToArray(),
        BaseScores = _base,
        Link = _loss.Link,
    };

    /// <summary>Grows one tree per raw score and adds them to the scores.</summary>
    public void Iterate(int iteration, CancellationToken cancellationToken)
    {
        double rate = _options.LearningRate * Math.Pow(_options.LearningRateDecay, iteration);
        long start = _timer?.Start() ?? 0;
        Quantise(iteration, cancellationToken);
        _timer?.Stop("gradients", start);
        ulong draw = Hash.Mix((ulong)_options.Seed ^ Hash.Mix((ulong)iteration + 1));
        for (int k = 0; k < Width; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            start = _timer?.Start() ?? 0;
            foreach (IBoostingShard shard in _shards)
            {
                shard.Draw(k, draw);
            }

            int[]? features = DrawFeatures(draw + (ulong)k);
            _timer?.Stop("sampling", start);
            (TreeBuilder builder, List<Leaf> leaves) = _grower.Grow(_rows, _gradientUnits[k], _hessianUnits[k], features, cancellationToken);
            start = _timer?.Start() ?? 0;
            SetLeaves(k, rate, builder, leaves);
            DecisionTree tree = builder.Build(k);
            Trees.Add(tree);
            ShardLeaf[] parts = [.. leaves.Select(leaf => new ShardLeaf(leaf.Id, leaf.Node))];
            foreach (IBoostingShard shard in _shards)
            {
                shard.AddToScores(tree, parts);
            }

            _timer?.Stop("leaves", start);
        }
    }

    /// <summary>Takes over the trees of an earlier run: adds them to the scores in their order, which gives the same bits.</summary>
    public void Restore(IReadOnlyList<DecisionTree> trees, CancellationToken cancellationToken)
    {
        foreach (DecisionTree tree in trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (IBoostingShard shard in _shards)
            {
                shard.AddToScores(tree, null);
            }

            Trees.Add(tree);
        }
    }

    /// <summary>Mean weighted loss of the current scores.</summary>
    public double TrainingLoss()
    {
        double loss = 0;
        double weight = 0;
        foreach (IBoostingShard shard in _shards)
        {
            (double shardLoss, double shardWeight) = shard.LossSum();
            loss += shardLoss;
            weight += shardWeight;
        }

        return loss / weight;
    }

    /// <summary>The best constants, in single precision as everything that is added to them.</summary>
    private double[] BaseScores()
    {
        double[] scores;
        if (double.IsNaN(_loss.LeafQuantile))
        {
            (double Weight, double Answer)[] largest = _shards.Select(s => s.Largest()).ToArray();
            double weightUnit = largest.Max(l => l.Weight) / Math.Pow(2, 40);
            double answerUnit = Math.Max(largest.Max(l => l.Answer), float.Epsilon) / Math.Pow(2, 40);
            Int128[] totals = new Int128[1 + Width];
            foreach (Int128[] shard in _shards.Select(s => s.Totals(weightUnit, answerUnit)))
            {
                for (int i = 0; i < totals.Length; i++)
                {
                    totals[i] += shard[i];
                }
            }

            double weight = (double)totals[0] * weightUnit;
            double unit = Width > 1 ? weightUnit : answerUnit;
            scores = _loss.BaseScores(totals.Skip(1).Select(t => (double)t * unit / weight).ToArray());
        }
        else if (_shards is [InProcessShard local])
        {
            scores = local.Binned.BaseScores();
        }
        else
        {
            throw new ArgumentException($"{_options.Loss} loss takes quantiles of residuals, which shards cannot merge; expected a loss with a mean. Train on one shard, in one process.");
        }

        return scores.Select(s => (double)(float)s).ToArray();
    }

    /// <summary>The columns of a tree: those with the smallest hashes, at least one, ascending.</summary>
    private int[]? DrawFeatures(ulong draw)
    {
        int all = _columns.Count;
        int take = Math.Max(1, (int)Math.Round(all * _options.ColumnFraction));
        return take >= all
            ? null
            : [.. Enumerable.Range(0, all).OrderBy(j => Hash.Of(~draw, j)).Take(take).Order()];
    }

    /// <summary>Two passes over the rows: the largest magnitudes, then the integers that use the whole range.</summary>
    private void Quantise(int iteration, CancellationToken cancellationToken)
    {
        int limit = Gradients.Limit(_count);
        (float[] Gradient, float[] Hessian)[] largest = _shards.Select(s => s.LargestDerivatives(cancellationToken)).ToArray();
        uint[] seeds = new uint[Width];
        for (int k = 0; k < Width; k++)
        {
            // One less than the limit for gradients: rounding up may add one.
            _gradientUnits[k] = Math.Max(largest.Max(l => l.Gradient[k]), float.Epsilon) / (double)Math.Max(1, limit - 1);
            _hessianUnits[k] = Math.Max(largest.Max(l => l.Hessian[k]), float.Epsilon) / (double)limit;
            seeds[k] = (uint)Hash.Mix(Hash.Mix((ulong)_options.Seed) + ((ulong)iteration << 20) + (ulong)k);
        }

        foreach (IBoostingShard shard in _shards)
        {
            shard.Quantise(_gradientUnits, _hessianUnits, seeds, cancellationToken);
        }
    }

    private void SetLeaves(int output, double rate, TreeBuilder builder, List<Leaf> leaves)
    {
        foreach (Leaf leaf in leaves)
        {
            double value;
            if (double.IsNaN(_loss.LeafQuantile))
            {
                double g = Histogram.Gradient(leaf.State.Sum) * _gradientUnits[output];
                double h = Histogram.Hessian(leaf.State.Sum) * _hessianUnits[output];
                value = LeafValue.Best(g, h, _options.L1, leaf.L2, leaf.State.Low, leaf.State.High);
            }
            else
            {
                value = Math.Clamp(((InProcessShard)_shards[0]).Binned.ResidualQuantile(leaf), leaf.State.Low, leaf.State.High);
            }

            builder.SetValue(leaf.Node, rate * value);
        }
    }
}
