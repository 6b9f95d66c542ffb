using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Features;

/// <summary>Fits a <see cref="TargetEncoder"/> so that no training row is encoded with its own answer.</summary>
/// <remarks>The number of a category is (Σ answers + m·prior) / (rows + m), where prior is the mean of all answers and m the smoothing
/// (D. Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes", 2001). Training rows are dealt into
/// <see cref="Folds"/> folds by a seeded hash of their position and encoded from the other folds only, prior included;
/// the encoder for new rows uses all of them. O(rows + folds × categories) per statistic.</remarks>
public static class TargetEncoding
{
    /// <summary>Folds for encoding the training rows.</summary>
    public const int Folds = 5;

    /// <summary>Fits the encoder and encodes the training rows.</summary>
    /// <param name="column">The training column.</param>
    /// <param name="target">What is averaged, for the same rows.</param>
    /// <param name="smoothing">Strength of the prior in rows, ≥ 0.</param>
    /// <param name="seed">Deals the folds.</param>
    /// <returns>The encoder for new rows, and per statistic the feature of the training rows.</returns>
    public static (TargetEncoder Encoder, IReadOnlyList<float[]> OutOfFold) Fit(TextColumn column, TargetStatistics target, double smoothing, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentNullException.ThrowIfNull(target);
        int categories = column.Dictionary.Count;
        int[] fold = new int[column.Count];
        double[] counts = new double[categories * Folds];
        for (int i = 0; i < fold.Length; i++)
        {
            fold[i] = (int)(SeededRandom.Mix(seed, (ulong)i) % Folds);
            if (column.Codes[i] >= 0)
            {
                counts[(column.Codes[i] * Folds) + fold[i]]++;
            }
        }

        bool[] seen = [.. Enumerable.Range(0, categories).Select(c => counts.AsSpan(c * Folds, Folds).ContainsAnyExcept(0.0))];
        List<float[]> values = [];
        List<float> defaults = [];
        List<float[]> outOfFold = [];
        foreach (float[] answers in target.Values)
        {
            Sums sums = new(column, answers, fold, counts, smoothing);
            outOfFold.Add([.. Enumerable.Range(0, column.Count).Select(i => sums.Encode(column.Codes[i], fold[i]))]);
            values.Add([.. Enumerable.Range(0, categories).Where(c => seen[c]).Select(c => sums.Encode(c, -1))]);
            defaults.Add(sums.Encode(-1, -1));
        }

        string[] names = [.. Enumerable.Range(0, categories).Where(c => seen[c]).Select(c => column.Dictionary[c])];
        return (new TargetEncoder(column.Name, names, target.Names, values, defaults), outOfFold);
    }

    /// <summary>Sums of answers by category and fold.</summary>
    private sealed class Sums
    {
        private readonly double[] _answers;
        private readonly double[] _counts;
        private readonly double[] _foldAnswers = new double[Folds];
        private readonly double[] _foldRows = new double[Folds];
        private readonly double _smoothing;

        public Sums(TextColumn column, float[] answers, int[] fold, double[] counts, double smoothing)
        {
            _counts = counts;
            _smoothing = smoothing;
            _answers = new double[counts.Length];
            for (int i = 0; i < answers.Length; i++)
            {
                _foldAnswers[fold[i]] += answers[i];
                _foldRows[fold[i]]++;
                if (column.Codes[i] >= 0)
                {
                    _answers[(column.Codes[i] * Folds) + fold[i]] += answers[i];
                }
            }
        }

        /// <summary>The number of a category (−1: none) from all folds but one (−1: from all).</summary>
        public float Encode(int category, int without)
        {
            double priorSum = 0, priorRows = 0, sum = 0, rows = 0;
            for (int f = 0; f < Folds; f++)
            {
                if (f == without)
                {
                    continue;
                }

                priorSum += _foldAnswers[f];
                priorRows += _foldRows[f];
                if (category >= 0)
                {
                    sum += _answers[(category * Folds) + f];
                    rows += _counts[(category * Folds) + f];
                }
            }

            double prior = priorRows > 0 ? priorSum / priorRows : 0;
            return (float)(rows + _smoothing > 0 ? (sum + (_smoothing * prior)) / (rows + _smoothing) : prior);
        }
    }
}
