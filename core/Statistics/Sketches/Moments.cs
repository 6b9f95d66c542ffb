using System.Text.Json.Serialization;

namespace Mlops.Core.Statistics.Sketches;

/// <summary>Count, mean and the central sums of powers 2, 3 and 4 of a sample; mergeable.</summary>
/// <remarks>Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical moments" (2008).
/// Merging is exact but for rounding.</remarks>
/// <param name="Count">Values, missing ones excluded.</param>
/// <param name="Mean">Their mean; 0 when there are none.</param>
/// <param name="M2">Σ(x − mean)².</param>
/// <param name="M3">Σ(x − mean)³.</param>
/// <param name="M4">Σ(x − mean)⁴.</param>
public readonly record struct Moments(long Count, double Mean, double M2, double M3, double M4)
{
    /// <summary>Unbiased sample variance (divisor n − 1); NaN below two values.</summary>
    [JsonIgnore]
    public double Variance => Count < 2 ? double.NaN : M2 / (Count - 1);

    /// <summary>Square root of <see cref="Variance"/>.</summary>
    [JsonIgnore]
    public double StandardDeviation => Math.Sqrt(Variance);

    /// <summary>Moment coefficient of skewness g₁ = √n·M3/M2^1.5; NaN when all values are equal.</summary>
    [JsonIgnore]
    public double Skewness => M2 > 0 ? Math.Sqrt(Count) * M3 / Math.Pow(M2, 1.5) : double.NaN;

    /// <summary>Excess kurtosis g₂ = n·M4/M2² − 3; NaN when all values are equal.</summary>
    [JsonIgnore]
    public double ExcessKurtosis => M2 > 0 ? Count * M4 / (M2 * M2) - 3 : double.NaN;

    /// <summary>The moments of <paramref name="values"/>, NaN left out: two passes, compensated by the first.</summary>
    public static Moments Of(ReadOnlySpan<double> values)
    {
        long count = 0;
        double sum = 0;
        foreach (double x in values)
        {
            if (!double.IsNaN(x))
            {
                count++;
                sum += x;
            }
        }

        if (count == 0)
        {
            return default;
        }

        double mean = sum / count, d1 = 0, m2 = 0, m3 = 0, m4 = 0;
        foreach (double x in values)
        {
            if (!double.IsNaN(x))
            {
                double d = x - mean, square = d * d;
                d1 += d;
                m2 += square;
                m3 += square * d;
                m4 += square * square;
            }
        }

        return new Moments(count, mean + d1 / count, Math.Max(0, m2 - d1 * d1 / count), m3, m4);
    }

    /// <summary>The moments of both samples together.</summary>
    public Moments Merge(Moments other)
    {
        if (Count == 0)
        {
            return other;
        }

        if (other.Count == 0)
        {
            return this;
        }

        double a = Count, b = other.Count, n = a + b, d = other.Mean - Mean, dn = d / n;
        return new Moments(
            Count + other.Count,
            Mean + b * dn,
            M2 + other.M2 + a * b * d * dn,
            M3 + other.M3 + a * b * (a - b) * d * dn * dn + 3 * dn * (a * other.M2 - b * M2),
            M4 + other.M4 + a * b * (a * a - a * b + b * b) * d * dn * dn * dn
                + 6 * dn * dn * (a * a * other.M2 + b * b * M2) + 4 * dn * (a * other.M3 - b * M3));
    }
}
