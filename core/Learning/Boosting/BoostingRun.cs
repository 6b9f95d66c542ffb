using System.Numerics.Tensors;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>The state of one training: the scores so far, and an iteration that improves them.</summary>
internal sealed class BoostingRun
{
    private const int BlockRows = 1024;
    private readonly TrainingSet _train;
    private readonly BoostingOptions _options;
    private readonly Loss _loss;
    private readonly float[]? _weights;
    private readonly BinnedMatrix _data;
    private readonly TreeGrower _grower;
    private readonly Gradients[] _gradients;
    private readonly float[][] _scores;
    private readonly double[] _base;
    private readonly PhaseTimer? _timer;

    public BoostingRun(TrainingSet train, BoostingOptions options, PhaseTimer? timer, CancellationToken cancellationToken)
    {
        long start = timer?.Start() ?? 0;
        _timer = timer;
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
        }, train.Rows, timer);
        _gradients = Enumerable.Range(0, _loss.Width).Select(_ => new Gradients(train.Rows)).ToArray();
        _base = _loss.BaseScores(train.Y, _weights);
        _scores = _base.Select(score =>
        {
            float[] scores = new float[train.Rows];
            Array.Fill(scores, (float)score);
            return scores;
        }).ToArray();
        timer?.Stop("binning", start);
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
        long start = _timer?.Start() ?? 0;
        Quantise(iteration, cancellationToken);
        _timer?.Stop("gradients", start);

        ulong draw = Hash.Mix((ulong)_options.Seed ^ Hash.Mix((ulong)iteration + 1));
        for (int k = 0; k < Width; k++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            start = _timer?.Start() ?? 0;
            _grower.Partition.Reset(_train.Rows, _options.RowFraction < 1 ? row => Hash.Unit(Hash.Of(draw, Id(row))) < _options.RowFraction : null);
            int[]? features = DrawFeatures(draw + (ulong)k);
            _timer?.Stop("sampling", start);
            (TreeBuilder builder, List<Leaf> leaves) = _grower.Grow(_gradients[k], features, cancellationToken);
            start = _timer?.Start() ?? 0;
            SetLeaves(k, rate, builder, leaves);
            DecisionTree tree = builder.Build(k);
            Trees.Add(tree);
            AddToScores(k, tree, leaves);
            _timer?.Stop("leaves", start);
        }
    }

    /// <summary>Takes over the trees of an earlier run: adds them to the scores in their order, which gives the same bits.</summary>
    public void Restore(IReadOnlyList<DecisionTree> trees, CancellationToken cancellationToken)
    {
        foreach (DecisionTree tree in trees)
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddByWalking(_scores[tree.Output], tree);
            Trees.Add(tree);
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

    /// <summary>Weighted derivatives of a block, one run per raw score, in the buffer's second and third third.</summary>
    private void Derivatives(int start, int count, float[] buffer, out Span<float> gradients, out Span<float> hessians)
    {
        int size = Width * count;
        Span<float> scores = buffer.AsSpan(0, size);
        gradients = buffer.AsSpan(Width * BlockRows, size);
        hessians = buffer.AsSpan(2 * Width * BlockRows, size);
        for (int k = 0; k < Width; k++)
        {
            _scores[k].AsSpan(start, count).CopyTo(scores[(k * count)..]);
        }

        _loss.Derivatives(_train.Y.AsSpan(start, count), scores, gradients, hessians);
        if (_weights is not null)
        {
            for (int i = 0; i < size; i++)
            {
                float weight = _weights[start + (i % count)];
                gradients[i] *= weight;
                hessians[i] *= weight;
            }
        }
    }

    /// <summary>Two passes over the rows: the largest magnitudes, then the integers that use the whole range.</summary>
    private void Quantise(int iteration, CancellationToken cancellationToken)
    {
        int blocks = (_train.Rows + BlockRows - 1) / BlockRows;
        float[] maxGradient = new float[blocks * Width];
        float[] maxHessian = new float[blocks * Width];
        ForBlocks(cancellationToken, (block, start, count, buffer) =>
        {
            Derivatives(start, count, buffer, out Span<float> g, out Span<float> h);
            for (int k = 0; k < Width; k++)
            {
                maxGradient[(block * Width) + k] = TensorPrimitives.MaxMagnitude<float>(g.Slice(k * count, count));
                maxHessian[(block * Width) + k] = TensorPrimitives.MaxMagnitude<float>(h.Slice(k * count, count));
            }
        });
        int limit = Gradients.Limit(_train.Rows);
        uint[] seeds = new uint[Width];
        for (int k = 0; k < Width; k++)
        {
            float largestGradient = float.Epsilon;
            float largestHessian = float.Epsilon;
            for (int block = 0; block < blocks; block++)
            {
                largestGradient = Math.Max(largestGradient, Math.Abs(maxGradient[(block * Width) + k]));
                largestHessian = Math.Max(largestHessian, Math.Abs(maxHessian[(block * Width) + k]));
            }

            // One less than the limit for gradients: rounding up may add one.
            _gradients[k].GradientUnit = largestGradient / (double)Math.Max(1, limit - 1);
            _gradients[k].HessianUnit = largestHessian / (double)limit;
            seeds[k] = (uint)Hash.Mix(Hash.Mix((ulong)_options.Seed) + ((ulong)iteration << 20) + (ulong)k);
        }

        ForBlocks(cancellationToken, (_, start, count, buffer) =>
        {
            Derivatives(start, count, buffer, out Span<float> g, out Span<float> h);
            Span<uint> noise = stackalloc uint[BlockRows];
            noise = noise[..count];
            for (int k = 0; k < Width; k++)
            {
                Hash.Fill(seeds[k], start, _train.RowIds is null ? [] : _train.RowIds.AsSpan(start, count), noise);
                _gradients[k].Pack(g.Slice(k * count, count), h.Slice(k * count, count), noise, _gradients[k].Packed.AsSpan(start, count));
            }
        });
    }

    private void ForBlocks(CancellationToken cancellationToken, Action<int, int, int, float[]> body)
    {
        int blocks = (_train.Rows + BlockRows - 1) / BlockRows;
        Parallel.For(0, blocks, Options(cancellationToken), () => new float[3 * BlockRows * Width], (block, _, buffer) =>
        {
            int start = block * BlockRows;
            body(block, start, Math.Min(BlockRows, _train.Rows - start), buffer);
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
            AddByWalking(scores, tree);
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

    /// <summary>Adds a tree's values by walking each row from the root: the same leaves as the partition's, for thresholds are bin edges.</summary>
    private void AddByWalking(float[] scores, DecisionTree tree)
    {
        TreeScorer scorer = new([tree], _train.X.Features);
        Parallel.For(0, (_train.Rows + BlockRows - 1) / BlockRows, Options(default), () => new double[BlockRows * Width], (block, _, values) =>
        {
            int start = block * BlockRows;
            int count = Math.Min(BlockRows, _train.Rows - start);
            Array.Clear(values);
            scorer.Add(_train.X, start, count, Width, values);
            for (int i = 0; i < count; i++)
            {
                scores[start + i] += (float)values[(i * Width) + tree.Output];
            }

            return values;
        }, _ => { });
    }
}
