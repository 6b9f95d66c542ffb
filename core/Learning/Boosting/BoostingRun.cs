using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>The state of one training: the scores so far, and an iteration that improves them.</summary>
internal sealed class BoostingRun
{
    private const int BlockRows = 4096;
    private readonly TrainingSet _train;
    private readonly BoostingOptions _options;
    private readonly Loss _loss;
    private readonly float[]? _weights;
    private readonly BinnedMatrix _data;
    private readonly TreeGrower _grower;
    private readonly Gradients[] _gradients;
    private readonly float[][] _scores;
    private readonly double[] _base;

    public BoostingRun(TrainingSet train, BoostingOptions options, CancellationToken cancellationToken)
    {
        _train = train;
        _options = options;
        _loss = Loss.Of(options);
        _loss.Check(train.Y);
        _weights = EffectiveWeights(train, options.ClassWeights);
        _data = BinnedMatrix.Create(train, options.MaxBins, options.Threads, cancellationToken);
        _grower = new TreeGrower(_data, new GrowerOptions
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
            Threads = options.Threads,
        }, train.Rows);
        _gradients = Enumerable.Range(0, _loss.Width).Select(_ => new Gradients(train.Rows)).ToArray();
        _base = _loss.BaseScores(train.Y, _weights);
        _scores = _base.Select(score =>
        {
            float[] scores = new float[train.Rows];
            Array.Fill(scores, (float)score);
            return scores;
        }).ToArray();
    }

    public List<DecisionTree> Trees { get; } = [];

    public int Width => _loss.Width;

    public TreeEnsemble Model(int iterations) => new()
    {
        Features = _train.X.Features,
        Trees = Trees.Take(iterations * Width).ToArray(),
        BaseScores = _base.Select(b => (double)(float)b).ToArray(),
        Link = _loss.Link,
    };

    /// <summary>Grows one tree per raw score and adds them to the scores.</summary>
    public void Iterate(int iteration, CancellationToken cancellationToken)
    {
        double rate = _options.LearningRate * Math.Pow(_options.LearningRateDecay, iteration);
        for (int k = 0; k < Width; k++)
        {
            Quantise(k, iteration, cancellationToken);
        }

        ulong draw = Hash.Mix((ulong)_options.Seed ^ Hash.Mix((ulong)iteration + 1));
        for (int k = 0; k < Width; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _grower.Partition.Reset(_train.Rows, _options.RowFraction < 1 ? row => Hash.Unit(Hash.Of(draw, Id(row))) < _options.RowFraction : null);
            int[]? features = DrawFeatures(draw + (ulong)k);
            (TreeBuilder builder, List<Leaf> leaves) = _grower.Grow(_gradients[k], features, cancellationToken);
            SetLeaves(k, rate, builder, leaves);
            DecisionTree tree = builder.Build(k);
            Trees.Add(tree);
            AddToScores(k, tree, leaves);
        }
    }

    /// <summary>Mean weighted loss of the current scores.</summary>
    public double TrainingLoss()
    {
        int blocks = (_train.Rows + BlockRows - 1) / BlockRows;
        double[] sums = new double[blocks];
        double[] totals = new double[blocks];
        Parallel.For(0, blocks, Options(default), block =>
        {
            Span<double> raw = stackalloc double[Math.Min(Width, 256)];
            raw = Width > 256 ? new double[Width] : raw;
            for (int i = block * BlockRows; i < Math.Min(_train.Rows, (block + 1) * BlockRows); i++)
            {
                for (int k = 0; k < Width; k++)
                {
                    raw[k] = _scores[k][i];
                }

                double weight = _weights is null ? 1 : _weights[i];
                sums[block] += weight * _loss.Value(_train.Y[i], raw);
                totals[block] += weight;
            }
        });
        return sums.Sum() / totals.Sum();
    }

    /// <summary>Weights of the rows times the weights of their classes; null when all are 1.</summary>
    internal static float[]? EffectiveWeights(TrainingSet set, IReadOnlyList<double>? classWeights) => classWeights is null
        ? set.Weights
        : set.Y.Select((y, i) => (float)(classWeights[(int)y] * (set.Weights is null ? 1 : set.Weights[i]))).ToArray();

    private ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellationToken };

    private long Id(int row) => _train.RowIds is null ? row : _train.RowIds[row];

    /// <summary>The columns of a tree: those with the smallest hashes, at least one, ascending.</summary>
    private int[]? DrawFeatures(ulong draw)
    {
        int all = _data.Stride;
        int take = Math.Max(1, (int)Math.Round(all * _options.ColumnFraction));
        return take >= all
            ? null
            : [.. Enumerable.Range(0, all).OrderBy(j => Hash.Of(~draw, j)).Take(take).Order()];
    }

    private void Derivatives(int output, int start, int count, Span<float> scores, Span<float> gradients, Span<float> hessians)
    {
        for (int k = 0; k < Width; k++)
        {
            _scores[k].AsSpan(start, count).CopyTo(scores[(k * count)..]);
        }

        _loss.Derivatives(_train.Y.AsSpan(start, count), scores, output, gradients[..count], hessians[..count]);
        if (_weights is not null)
        {
            for (int i = 0; i < count; i++)
            {
                gradients[i] *= _weights[start + i];
                hessians[i] *= _weights[start + i];
            }
        }
    }

    /// <summary>Two passes over the rows: the largest magnitudes, then the integers that use the whole range.</summary>
    private void Quantise(int output, int iteration, CancellationToken cancellationToken)
    {
        int blocks = (_train.Rows + BlockRows - 1) / BlockRows;
        float[] maxGradient = new float[blocks];
        float[] maxHessian = new float[blocks];
        Parallel.For(0, blocks, Options(cancellationToken), () => new float[BlockRows * (Width + 2)], (block, _, buffer) =>
        {
            int start = block * BlockRows;
            int count = Math.Min(BlockRows, _train.Rows - start);
            Span<float> g = buffer.AsSpan(BlockRows * Width, count);
            Span<float> h = buffer.AsSpan(BlockRows * (Width + 1), count);
            Derivatives(output, start, count, buffer, g, h);
            for (int i = 0; i < count; i++)
            {
                maxGradient[block] = Math.Max(maxGradient[block], Math.Abs(g[i]));
                maxHessian[block] = Math.Max(maxHessian[block], h[i]);
            }

            return buffer;
        }, _ => { });
        int limit = Gradients.Limit(_train.Rows);
        Gradients gradients = _gradients[output];
        gradients.GradientUnit = Math.Max(maxGradient.Max(), float.Epsilon) / (double)Math.Max(1, limit - 1);
        gradients.HessianUnit = Math.Max(maxHessian.Max(), float.Epsilon) / (double)Math.Max(1, (2 * limit) - 1);
        double gradientScale = 1 / gradients.GradientUnit;
        double hessianScale = 1 / gradients.HessianUnit;
        ulong seed = Hash.Mix((ulong)_options.Seed + 0x5151 + ((ulong)iteration * 0x1_0000_0001) + ((ulong)output << 48));
        Parallel.For(0, blocks, Options(cancellationToken), () => new float[BlockRows * (Width + 2)], (block, _, buffer) =>
        {
            int start = block * BlockRows;
            int count = Math.Min(BlockRows, _train.Rows - start);
            Span<float> g = buffer.AsSpan(BlockRows * Width, count);
            Span<float> h = buffer.AsSpan(BlockRows * (Width + 1), count);
            Derivatives(output, start, count, buffer, g, h);
            for (int i = 0; i < count; i++)
            {
                gradients.Packed[start + i] = Gradients.Pack(g[i] * gradientScale, h[i] * hessianScale, (uint)Hash.Of(seed, Id(start + i)));
            }

            return buffer;
        }, _ => { });
    }

    private void SetLeaves(int output, double rate, TreeBuilder builder, List<Leaf> leaves)
    {
        Gradients gradients = _gradients[output];
        foreach (Leaf leaf in leaves)
        {
            double value;
            if (double.IsNaN(_loss.LeafQuantile))
            {
                double g = Histogram.Gradient(leaf.State.Sum) * gradients.GradientUnit;
                double h = Histogram.Hessian(leaf.State.Sum) * gradients.HessianUnit;
                value = LeafValue.Best(g, h, _options.L1, leaf.L2, leaf.State.Low, leaf.State.High);
            }
            else
            {
                value = Math.Clamp(ResidualQuantile(leaf), leaf.State.Low, leaf.State.High);
            }

            builder.SetValue(leaf.Node, rate * value);
        }
    }

    private double ResidualQuantile(Leaf leaf)
    {
        ReadOnlySpan<int> rows = _grower.Partition.Rows(leaf.Begin, leaf.Count);
        float[] residuals = new float[rows.Length];
        float[]? weights = _weights is null ? null : new float[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            residuals[i] = _train.Y[rows[i]] - _scores[0][rows[i]];
            if (weights is not null)
            {
                weights[i] = _weights![rows[i]];
            }
        }

        return residuals.Length == 0 ? 0 : WeightedQuantile.Of(residuals, weights, _loss.LeafQuantile);
    }

    private void AddToScores(int output, DecisionTree tree, List<Leaf> leaves)
    {
        float[] scores = _scores[output];
        if (_options.RowFraction < 1)
        {
            Parallel.For(0, (_train.Rows + BlockRows - 1) / BlockRows, Options(default), () => new float[_train.X.Columns], (block, _, row) =>
            {
                for (int i = block * BlockRows; i < Math.Min(_train.Rows, (block + 1) * BlockRows); i++)
                {
                    _train.X.CopyRow(i, row);
                    scores[i] += tree.Values[tree.Leaf(row, _train.X.Features)];
                }

                return row;
            }, _ => { });
            return;
        }

        foreach (Leaf leaf in leaves)
        {
            float value = tree.Values[leaf.Node];
            foreach (int row in _grower.Partition.Rows(leaf.Begin, leaf.Count))
            {
                scores[row] += value;
            }
        }
    }
}
