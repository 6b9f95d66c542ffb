using System.Buffers;
using System.Numerics.Tensors;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting.Losses;
using Mlops.Core.Learning.Growing;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Some rows of a training with their scores: everything that touches a row happens here, everything it tells is a mergeable sum or maximum.</summary>
internal sealed class BoostingShard
{
    private const int BlockRows = 1024;
    private readonly TrainingSet _set;
    private readonly BoostingOptions _options;
    private readonly Loss _loss;
    private readonly float[]? _weights;
    private readonly long _firstRow;
    private readonly Gradients[] _gradients;
    private readonly LocalRows _rows;
    private readonly BinnedMatrix _bins;
    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly float[] _largestGradients;
    private readonly float[] _largestHessians;
    private float[][] _scores = [];

    /// <param name="set">Answers and weights; its features may be left out.</param>
    /// <param name="features">The columns.</param>
    /// <param name="bins">The binned features.</param>
    /// <param name="options">Settings.</param>
    /// <param name="firstRow">For rows without ids: the position of the first one in the whole.</param>
    public BoostingShard(TrainingSet set, IReadOnlyList<FeatureColumn> features, BinnedMatrix bins, BoostingOptions options, long firstRow)
    {
        _set = set;
        _features = features;
        _bins = bins;
        _options = options;
        _loss = Loss.Of(options);
        _firstRow = firstRow;
        _loss.Check(set.Y);
        _weights = EffectiveWeights(set, options.ClassWeights);
        _rows = new LocalRows(bins, options.Threads);
        _largestGradients = new float[Blocks * Width];
        _largestHessians = new float[Blocks * Width];
        _gradients = Enumerable.Range(0, _loss.Width).Select(_ => new Gradients(set.Rows)).ToArray();
    }

    public int Count => _set.Rows;

    /// <summary>The rows of the tree that grows.</summary>
    public ITreeRows Rows => _rows;

    private int Width => _loss.Width;

    private int Blocks => (_set.Rows + BlockRows - 1) / BlockRows;

    /// <summary>Weights of the rows times the weights of their classes; null when all are 1.</summary>
    internal static float[]? EffectiveWeights(TrainingSet set, IReadOnlyList<double>? classWeights) => classWeights is null
        ? set.Weights
        : set.Y.Select((y, i) => (float)(classWeights[(int)y] * (set.Weights is null ? 1 : set.Weights[i]))).ToArray();

    /// <summary>The largest weight and the largest |weight · answer|.</summary>
    public (double Weight, double Answer) Largest()
    {
        double weight = 0;
        double answer = 0;
        for (int i = 0; i < _set.Rows; i++)
        {
            weight = Math.Max(weight, Weight(i));
            answer = Math.Max(answer, Math.Abs(Weight(i) * _set.Y[i]));
        }

        return (weight, answer);
    }

    /// <summary>Total weight, then what the loss starts from: the sum of weighted answers, or of weights by class. In units that make the order of summation immaterial.</summary>
    public Int128[] Totals(double weightUnit, double answerUnit)
    {
        Int128[] totals = new Int128[1 + Width];
        for (int i = 0; i < _set.Rows; i++)
        {
            long weight = (long)Math.Round(Weight(i) / weightUnit);
            totals[0] += weight;
            if (Width > 1)
            {
                totals[1 + (int)_set.Y[i]] += weight;
            }
            else
            {
                totals[1] += (long)Math.Round(Weight(i) * _set.Y[i] / answerUnit);
            }
        }

        return totals;
    }

    /// <summary>The start of a loss whose start is a quantile; only for a training on one shard.</summary>
    public double[] BaseScores() => _loss.BaseScores(_set.Y, _weights);

    /// <summary>Sets all scores to the base.</summary>
    public void Start(double[] baseScores) => _scores = baseScores.Select(score =>
    {
        float[] scores = new float[_set.Rows];
        Array.Fill(scores, (float)score);
        return scores;
    }).ToArray();

    /// <summary>Per raw score the largest |gradient| and hessian.</summary>
    public (float[] Gradient, float[] Hessian) LargestDerivatives(CancellationToken cancellationToken)
    {
        float[] gradients = _largestGradients;
        float[] hessians = _largestHessians;
        ForBlocks(cancellationToken, (block, start, count, buffer) =>
        {
            Derivatives(start, count, buffer, out Span<float> g, out Span<float> h);
            for (int k = 0; k < Width; k++)
            {
                gradients[(block * Width) + k] = Math.Abs(TensorPrimitives.MaxMagnitude<float>(g.Slice(k * count, count)));
                hessians[(block * Width) + k] = TensorPrimitives.Max<float>(h.Slice(k * count, count));
            }
        });
        float[] largestGradient = new float[Width];
        float[] largestHessian = new float[Width];
        for (int i = 0; i < gradients.Length; i++)
        {
            largestGradient[i % Width] = Math.Max(largestGradient[i % Width], gradients[i]);
            largestHessian[i % Width] = Math.Max(largestHessian[i % Width], hessians[i]);
        }

        return (largestGradient, largestHessian);
    }

    /// <summary>Turns the derivatives at the current scores into integers.</summary>
    public void Quantise(double[] gradientUnits, double[] hessianUnits, uint[] seeds, CancellationToken cancellationToken)
    {
        for (int k = 0; k < Width; k++)
        {
            _gradients[k].GradientUnit = gradientUnits[k];
            _gradients[k].HessianUnit = hessianUnits[k];
        }

        ForBlocks(cancellationToken, (_, start, count, buffer) =>
        {
            Derivatives(start, count, buffer, out Span<float> g, out Span<float> h);
            Span<uint> noise = stackalloc uint[BlockRows];
            noise = noise[..count];
            for (int k = 0; k < Width; k++)
            {
                Hash.Fill(seeds[k], _firstRow + start, _set.RowIds is null ? [] : _set.RowIds.AsSpan(start, count), noise);
                _gradients[k].Pack(g.Slice(k * count, count), h.Slice(k * count, count), noise, _gradients[k].Packed.AsSpan(start, count));
            }
        });
    }

    /// <summary>Draws the rows of an iteration and shows the gradients of one raw score to the grower.</summary>
    public void Draw(int output, ulong seed)
    {
        _rows.Packed = _gradients[output].Packed;
        _rows.Reset(_options.RowFraction < 1 ? row => Hash.Unit(Hash.Of(seed, Id(row))) < _options.RowFraction : null);
    }

    /// <summary>The quantile of a leaf's residuals; only for a training on one shard.</summary>
    public double ResidualQuantile(Leaf leaf)
    {
        float[] residuals = new float[_rows.Count(leaf.Id)];
        float[]? weights = _weights is null ? null : new float[residuals.Length];
        int i = 0;
        for (int block = 0; block < _rows.Partition.Blocks; block++)
        {
            foreach (ushort place in _rows.Partition.Places(leaf.Id, block))
            {
                int row = (block * RowPartition.BlockRows) + place;
                residuals[i] = _set.Y[row] - _scores[0][row];
                if (weights is not null)
                {
                    weights[i] = _weights![row];
                }

                i++;
            }
        }

        return residuals.Length == 0 ? 0 : WeightedQuantile.Of(residuals, weights, _loss.LeafQuantile);
    }

    /// <summary>Adds a grown tree to the scores: by leaf, or, when rows were left out or the tree comes from elsewhere, by walking.</summary>
    public void AddToScores(DecisionTree tree, List<Leaf>? leaves)
    {
        float[] scores = _scores[tree.Output];
        if (leaves is null || _options.RowFraction < 1)
        {
            AddByWalking(scores, tree);
            return;
        }

        ParallelBlocks.Do(_rows.Partition.Blocks, _options.Threads, block =>
        {
            Span<float> part = scores.AsSpan(block * RowPartition.BlockRows);
            foreach (Leaf leaf in leaves)
            {
                float value = tree.Values[leaf.Node];
                foreach (ushort place in _rows.Partition.Places(leaf.Id, block))
                {
                    part[place] += value;
                }
            }
        });
    }

    /// <summary>Sums of weighted losses and of weights over the rows.</summary>
    public (double Loss, double Weight) LossSum()
    {
        double[] sums = new double[Blocks];
        double[] totals = new double[Blocks];
        ParallelBlocks.Do(Blocks, _options.Threads, block =>
        {
            Span<double> raw = stackalloc double[Width];
            for (int i = block * BlockRows; i < Math.Min(_set.Rows, (block + 1) * BlockRows); i++)
            {
                for (int k = 0; k < Width; k++)
                {
                    raw[k] = _scores[k][i];
                }

                sums[block] += Weight(i) * _loss.Value(_set.Y[i], raw);
                totals[block] += Weight(i);
            }
        });
        return (sums.Sum(), totals.Sum());
    }

    private double Weight(int row) => _weights is null ? 1 : _weights[row];

    private long Id(int row) => _set.RowIds is null ? _firstRow + row : _set.RowIds[row];

    /// <summary>Weighted derivatives of a block, one run per raw score, in the buffer's second and last third.</summary>
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

        _loss.Derivatives(_set.Y.AsSpan(start, count), scores, gradients, hessians);
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

    private void ForBlocks(CancellationToken cancellationToken, Action<int, int, int, float[]> body)
    {
        ParallelBlocks.Do(Blocks, _options.Threads, block =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            int start = block * BlockRows;
            float[] buffer = ArrayPool<float>.Shared.Rent(3 * BlockRows * Width);
            body(block, start, Math.Min(BlockRows, _set.Rows - start), buffer);
            ArrayPool<float>.Shared.Return(buffer);
        });
    }

    /// <summary>Walks each row from the root: the same leaves as the partition's, for thresholds are bin edges.</summary>
    private void AddByWalking(float[] scores, DecisionTree tree)
    {
        TreeScorer scorer = new([tree], _features);
        bool held = _set.X.Columns == _features.Count;
        ParallelBlocks.Do(Blocks, _options.Threads, block =>
        {
            int start = block * BlockRows;
            int count = Math.Min(BlockRows, _set.Rows - start);
            double[] values = ArrayPool<double>.Shared.Rent(count * Width);
            values.AsSpan(0, count * Width).Clear();
            scorer.Add(held ? _set.X : _bins.Representatives(start, count, _features), held ? start : 0, count, Width, values);
            for (int i = 0; i < count; i++)
            {
                scores[start + i] += (float)values[(i * Width) + tree.Output];
            }

            ArrayPool<double>.Shared.Return(values);
        });
    }
}
