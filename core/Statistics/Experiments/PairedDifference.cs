using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Paired t test: two models on the same rows, such as both losses per row of shadow traffic.</summary>
/// <remarks>t = d̄/(s_d/√n) with n − 1 degrees of freedom (Student 1908). Pairing removes what makes rows easy or hard. O(n).</remarks>
public static class PairedDifference
{
    /// <summary>t, p-value and degrees of freedom of "mean difference first − second is 0". Fewer than two pairs: undefined; all differences equal: t = 0 and p = 1 when they are 0, otherwise undefined.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        if (first.Length != second.Length)
        {
            throw new ArgumentException($"There are {first.Length} and {second.Length} values; pairs need as many of each.", nameof(second));
        }

        double[] differences = new double[first.Length];
        for (int i = 0; i < differences.Length; i++)
        {
            differences[i] = first[i] - second[i];
        }

        Moments d = Moments.Of(differences);
        if (d.Count < 2 || d.Variance == 0)
        {
            return d.Count >= 2 && d.Mean == 0 ? new TestResult(0, 1, d.Count - 1) : TestResult.Undefined;
        }

        double t = d.Mean / Math.Sqrt(d.Variance / d.Count);
        return new TestResult(t, StudentT.TwoSided(t, d.Count - 1), d.Count - 1);
    }
}
