using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Features;

/// <summary>Fits a <see cref="TargetEncoder"/> so that no training row is encoded with its own answer.</summary>
/// <remarks>The number of a category is (Σ w·answer + m·prior) / (Σ w + m), where w are the weights of its rows, prior is the mean of all answers and m the smoothing
/// (D. Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", 2001). Only the <see cref="MaxCategories"/> categories with the most rows have a
/// number of their own: the others share the prior, with each other and with categories never seen. Training rows are dealt into
/// <see cref="Folds"/> folds by a seeded hash of their position and encoded from the other folds only, prior included;
/// the encoder for new rows uses all of them. O(rows + folds × categories) per statistic.</remarks>
public static class TargetEncoding
{
    /// <summary>Folds for encoding the training rows.</summary>
    public const int Folds = 5;

    /// <summary>Categories with a number of their own at most: a bound on the size of the model.</summary>
    public const int MaxCategories = 10_000;

    /// <summary>Fits the encoder and encodes the training rows.</summary>
    /// <param name="column">The training column.</param>
    /// <param name="target">What is averaged, for the same rows.</param>
    /// <param name="smoothing">Strength of the prior in rows of weight 1, ≥ 0.</param>
    /// <param name="seed">Deals the folds.</param>
    /// <returns>The encoder for new rows, and per statistic the feature of the training rows.</returns>
    public static (TargetEncoder Encoder, IReadOnlyList<float[]> OutOfFold) Fit(TextColumn column, TargetStatistics target, double smoothing, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(target);
        int[] kept = Frequent(column);
        int[] ofCode = new int[column.Dictionary.Count];
        Array.Fill(ofCode, -1);
        for (int c = 0; c < kept.Length; c++)
        {
            ofCode[kept[c]] = c;
        }

        int[] fold = [.. Enumerable.Range(0, column.Count).Select(i => (int)(SeededRandom.Mix(seed, (ulong)i) % Folds))];
        int[] category = [.. Enumerable.Range(0, column.Count).Select(i => column.Codes[i] < 0 ? -1 : ofCode[column.Codes[i]])];
        List<float[]> values = [];
        List<float> defaults = [];
        List<float[]> outOfFold = [];
        foreach (float[] answers in target.Values)
        {
            Sums sums = new(category, kept.Length, answers, target.Weights, fold, smoothing);
            outOfFold.Add([.. Enumerable.Range(0, column.Count).Select(i => sums.Encode(category[i], fold[i]))]);
            values.Add([.. Enumerable.Range(0, kept.Length).Select(c => sums.Encode(c, -1))]);
            defaults.Add(sums.Encode(-1, -1));
        }

        return (new TargetEncoder(column.Name, [.. kept.Select(code => column.Dictionary[code])], target.Names, values, defaults), outOfFold);
    }

    /// <summary>The codes with the most rows, most frequent first; equal ones by name, so that the order of the rows does not matter.</summary>
    private static int[] Frequent(TextColumn column)
    {
        int[] rows = new int[column.Dictionary.Count];
        foreach (int code in column.Codes)
        {
            if (code >= 0)
            {
                rows[code]++;
            }
        }

        return [.. Enumerable.Range(0, rows.Length).Where(c => rows[c] > 0).OrderByDescending(c => rows[c]).ThenBy(c => column.Dictionary[c], StringComparer.Ordinal).Take(MaxCategories)];
    }

    /// <summary>Weights and weighted sums of answers by category and fold.</summary>
    private sealed class Sums
    {
        private readonly double[] _answers;
        private readonly double[] _weights;
        private readonly double[] _foldAnswers = new double[Folds];
        private readonly double[] _foldWeights = new double[Folds];
        private readonly double _smoothing;

        public Sums(int[] category, int categories, float[] answers, double[]? weights, int[] fold, double smoothing)
        {
            _smoothing = smoothing;
            _answers = new double[categories * Folds];
            _weights = new double[categories * Folds];
            for (int i = 0; i < answers.Length; i++)
            {
                double weight = weights?[i] ?? 1;
                _foldAnswers[fold[i]] += weight * answers[i];
                _foldWeights[fold[i]] += weight;
                if (category[i] >= 0)
                {
                    _answers[(category[i] * Folds) + fold[i]] += weight * answers[i];
                    _weights[(category[i] * Folds) + fold[i]] += weight;
                }
            }
        }

        /// <summary>The number of a category (−1: none) from all folds but one (−1: from all).</summary>
        public float Encode(int category, int without)
        {
            double priorSum = 0, priorWeight = 0, sum = 0, weight = 0;
            for (int f = 0; f < Folds; f++)
            {
                if (f == without)
                {
                    continue;
                }

                priorSum += _foldAnswers[f];
                priorWeight += _foldWeights[f];
                if (category >= 0)
                {
                    sum += _answers[(category * Folds) + f];
                    weight += _weights[(category * Folds) + f];
                }
            }

            double prior = priorWeight > 0 ? priorSum / priorWeight : 0;
            return (float)(weight + _smoothing > 0 ? (sum + (_smoothing * prior)) / (weight + _smoothing) : prior);
        }
    }
}
