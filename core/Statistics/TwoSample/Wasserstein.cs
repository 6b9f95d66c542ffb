using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Wasserstein-1 distance: how far the average value must move to turn one sample into the other, in the unit of the column.</summary>
/// <remarks>W₁ = ∫|F(x) − G(x)| dx = ∫|F⁻¹(u) − G⁻¹(u)| du (Vallender 1974). A distance, not a test: it grows with noise in small samples, hence never compared with a fixed
/// threshold alone; for a p-value use <see cref="PermutationTest"/>.</remarks>
public static class Wasserstein
{
    private const int Ranks = 512;

    /// <summary>The distance between two samples; NaN when one is empty. O(n log n).</summary>
    public static double Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        return a.Length == 0 || b.Length == 0 ? double.NaN : OfSorted(a, b);
    }

    /// <summary>The distance between two weighted samples; weights are scaled to sum 1.</summary>
    public static double Of(IReadOnlyList<double> first, IReadOnlyList<double> firstWeights, IReadOnlyList<double> second, IReadOnlyList<double> secondWeights)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double totalA = firstWeights.Sum(), totalB = secondWeights.Sum();
        (double Value, double A, double B)[] steps = [.. first.Select((v, i) => (v, firstWeights[i] / totalA, 0.0)).Concat(second.Select((v, i) => (v, 0.0, secondWeights[i] / totalB))).OrderBy(s => s.Item1)];
        double gap = 0, sum = 0;
        for (int i = 0; i + 1 < steps.Length; i++)
        {
            gap += steps[i].A - steps[i].B;
            sum += Math.Abs(gap) * (steps[i + 1].Value - steps[i].Value);
        }

        return sum;
    }

    /// <summary>The distance between two sketched samples, by their quantiles at 512 evenly spaced ranks; NaN when one is empty. O(512 · centroids).</summary>
    public static double OfSketches(TDigest first, TDigest second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double sum = 0;
        for (int i = 0; i < Ranks; i++)
        {
            double u = (i + 0.5) / Ranks;
            sum += Math.Abs(first.Quantile(u) - second.Quantile(u));
        }

        return sum / Ranks;
    }

    internal static double OfSorted(double[] a, double[] b)
    {
        double n = a.Length, m = b.Length, sum = 0, previous = 0;
        int i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            double value = j >= b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            sum += i + j == 0 ? 0 : Math.Abs(i / n - j / m) * (value - previous);
            previous = value;
            while (i < a.Length && a[i] == value)
            {
                i++;
            }

            while (j < b.Length && b[j] == value)
            {
                j++;
            }
        }

        return sum;
    }
}
