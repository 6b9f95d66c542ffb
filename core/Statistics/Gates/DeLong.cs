using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Gates;

/// <summary>AUC with its standard error, and the difference of two AUCs on the same rows.</summary>
/// <remarks>DeLong, DeLong, Clarke-Pearson (1988): the AUC is a U-statistic, its variance comes from each row's mean win over the other class; ranks give these in O(n log n) (Sun and Xu 2014).
/// Asymptotic: some ten rows of each class.</remarks>
public static class DeLong
{
    /// <summary>Rows of each class from which on the normal approximation keeps its level; measured in docs/calibration.md.</summary>
    public const int MinimumOfEachClass = 10;

    /// <summary>AUC and its standard error; NaN without rows of both classes.</summary>
    public static (double Auc, double StandardError) Auc(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        (double[] p, double[] n) = Components(scores, positive);
        return p.Length == 0 || n.Length == 0 ? (double.NaN, double.NaN) : (p.Average(), Math.Sqrt(Covariance(p, p) / p.Length + Covariance(n, n) / n.Length));
    }

    /// <summary>The difference first − second of two AUCs on the same rows, its interval at confidence 1 − α, and the p-value of no difference (1 when the scores order the rows alike).</summary>
    public static (double Difference, double Lower, double Upper, double PValue) Compare(ReadOnlySpan<double> first, ReadOnlySpan<double> second, ReadOnlySpan<bool> positive, double alpha = 0.05)
    {
        (double[] p1, double[] n1) = Components(first, positive);
        (double[] p2, double[] n2) = Components(second, positive);
        if (p1.Length < 2 || n1.Length < 2)
        {
            return (double.NaN, double.NaN, double.NaN, double.NaN);
        }

        double difference = p1.Average() - p2.Average();
        double variance = (Covariance(p1, p1) + Covariance(p2, p2) - 2 * Covariance(p1, p2)) / p1.Length + (Covariance(n1, n1) + Covariance(n2, n2) - 2 * Covariance(n1, n2)) / n1.Length;
        double error = Math.Sqrt(Math.Max(0, variance)), half = -Normal.Quantile(alpha / 2) * error;
        return (difference, difference - half, difference + half, error > 0 ? Normal.TwoSided(difference / error) : difference == 0 ? 1 : 0);
    }

    /// <summary>Per positive its share of negatives below it, per negative its share of positives above it; ties count half.</summary>
    private static (double[] Positive, double[] Negative) Components(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores and {positive.Length} labels; they must match.", nameof(positive));
        }

        List<double> up = [], down = [];
        for (int i = 0; i < scores.Length; i++)
        {
            (positive[i] ? up : down).Add(scores[i]);
        }

        double[] sortedUp = [.. up.Order()], sortedDown = [.. down.Order()];
        return ([.. up.Select(s => Rank(sortedDown, s) / down.Count)], [.. down.Select(s => 1 - Rank(sortedUp, s) / up.Count)]);
    }

    /// <summary>Values below s plus half of those equal.</summary>
    private static double Rank(double[] sorted, double s) => (Bound(sorted, s, false) + Bound(sorted, s, true)) / 2.0;

    private static int Bound(double[] sorted, double s, bool upper)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < s || (upper && sorted[middle] == s) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double Covariance(double[] a, double[] b)
    {
        if (a.Length < 2)
        {
            return 0;
        }

        double meanA = a.Average(), meanB = b.Average(), sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - meanA) * (b[i] - meanB);
        }

        return sum / (a.Length - 1);
    }
}
