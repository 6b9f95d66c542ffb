using MathNet.Numerics.Distributions;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Percentile bootstrap over rows, with the tails of Student's t.</summary>
/// <remarks>Every resample draws as many rows as there are, with replacement. The plain percentile interval of n rows is too narrow, like a z interval
/// with the n-divisor variance; the tail α is therefore replaced by Φ(−√(n/(n−1))·t₁₋α,ₙ₋₁) (T. Hesterberg, "What Teachers Should Know About the
/// Bootstrap", 2015). O(resamples × rows).</remarks>
internal static class Bootstrap
{
    /// <summary>Per resample the statistic of how often each row was drawn, sorted ascending; undefined (NaN) ones are left out.</summary>
    public static double[] Resample(int rows, int resamples, ulong seed, Func<int[], double> statistic, CancellationToken cancellationToken = default)
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

    /// <summary>Both one-sided bounds at error rate <paramref name="alpha"/> each, from sorted resamples of <paramref name="rows"/> ≥ 2 rows.</summary>
    public static (double Lower, double Upper) Bounds(double[] sorted, int rows, double alpha)
    {
        double t = StudentT.InvCDF(0, 1, rows - 1, 1 - alpha);
        double tail = Normal.CDF(0, 1, -Math.Sqrt(rows / (rows - 1.0)) * t);
        int index = Math.Max(0, (int)Math.Floor(tail * (sorted.Length + 1)) - 1);
        return (sorted[index], sorted[sorted.Length - 1 - index]);
    }
}
