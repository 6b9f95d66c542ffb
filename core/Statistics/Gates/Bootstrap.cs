using Mlops.Core.Learning;
using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.Gates;

/// <summary>Bounds of any statistic of rows, such as the difference of a metric of two models on the same rows: resampled in pairs, easy and hard rows cancel.</summary>
/// <remarks>Percentile bootstrap over rows, with the tails of Student's t. Every resample draws as many rows as there are, with replacement. The plain percentile interval of n rows is too narrow, like a
/// z interval with the n-divisor variance; the tail α is therefore replaced by Φ(−√(n/(n−1))·t₁₋α,ₙ₋₁) (T. Hesterberg, "What Teachers Should Know About the Bootstrap", 2015). Where that tail is rarer than
/// one resample, the bounds are the value ∓ t times the resamples' standard error. Asymptotic. O(resamples × cost of the statistic).</remarks>
public static class Bootstrap
{
    private const int MinimumRows = 2;

    /// <summary>A share of resamples without a value above this leaves the bounds unknown.</summary>
    private const double MaximumUndefined = 0.1;

    /// <summary>Both one-sided bounds at error rate <paramref name="alpha"/> each; NaN when they cannot be told.</summary>
    /// <param name="rows">Rows to resample.</param>
    /// <param name="statistic">The statistic when row i counts the given number of times; NaN where undefined, such as ROC AUC of one class.</param>
    /// <param name="alpha">Chance that the lower bound lies too high, and that the upper one lies too low; inside (0, 0.5).</param>
    /// <param name="resamples">At least 100.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellationToken">Stops between resamples.</param>
    public static (double Lower, double Upper) Bounds(
        int rows, Func<int[], double> statistic, double alpha, int resamples, ulong seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        double[] sorted = rows < MinimumRows ? [] : Resample(rows, resamples, seed, statistic, cancellationToken);
        if (sorted.Length < resamples * (1 - MaximumUndefined))
        {
            return (double.NaN, double.NaN);
        }

        double t = Math.Sqrt(rows / (rows - 1.0)) * StudentT.UpperQuantile(alpha, rows - 1), position = Normal.Sf(t) * (sorted.Length + 1);
        if (position < 1)
        {
            double value = statistic([.. Enumerable.Repeat(1, rows)]), mean = sorted.Average(), error = Math.Sqrt(sorted.Sum(v => (v - mean) * (v - mean)) / sorted.Length);
            return (value - t * error, value + t * error);
        }

        int index = (int)position - 1;
        return (sorted[index], sorted[sorted.Length - 1 - index]);
    }

    /// <summary>Per resample the statistic of how often each row was drawn, sorted ascending; undefined (NaN) ones are left out.</summary>
    private static double[] Resample(int rows, int resamples, ulong seed, Func<int[], double> statistic, CancellationToken cancellationToken)
    {
        SeededRandom random = new(seed);
        int[] counts = new int[rows];
        List<double> values = new(resamples);
        for (int b = 0; b < resamples; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Array.Clear(counts);
            for (int i = 0; i < rows; i++)
            {
                counts[random.Next(rows)]++;
            }

            double value = statistic(counts);
            if (!double.IsNaN(value))
            {
                values.Add(value);
            }
        }

        values.Sort();
        return [.. values];
    }
}
