using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>A metric that is a ratio of sums over keys, such as clicks per view: keys, not views, are independent. Mergeable totals of one arm.</summary>
/// <remarks>Delta method (Deng, Knoblich, Lu 2018): var(R) ≈ (var(x) − 2R·cov(x, y) + R²·var(y))/(n·ȳ²). Treating views as independent would understate the variance several-fold.</remarks>
/// <param name="Keys">Keys.</param>
/// <param name="X">Σ numerator.</param>
/// <param name="Y">Σ denominator.</param>
/// <param name="XX">Σ numerator².</param>
/// <param name="YY">Σ denominator².</param>
/// <param name="XY">Σ numerator·denominator.</param>
public readonly record struct RatioMetric(long Keys, double X, double Y, double XX, double YY, double XY)
{
    /// <summary>The ratio; NaN when the denominator is 0.</summary>
    public double Ratio => Y == 0 ? double.NaN : X / Y;

    /// <summary>Its variance; NaN below two keys.</summary>
    public double Variance
    {
        get
        {
            if (Keys < 2 || Y == 0)
            {
                return double.NaN;
            }

            double n = Keys, mx = X / n, my = Y / n, vx = (XX - n * mx * mx) / (n - 1), vy = (YY - n * my * my) / (n - 1), cov = (XY - n * mx * my) / (n - 1), r = Ratio;
            return Math.Max(0, (vx - 2 * r * cov + r * r * vy) / (n * my * my));
        }
    }

    /// <summary>Adds one key's totals.</summary>
    public RatioMetric Add(double numerator, double denominator) =>
        new(Keys + 1, X + numerator, Y + denominator, XX + numerator * numerator, YY + denominator * denominator, XY + numerator * denominator);

    /// <summary>Both together.</summary>
    public RatioMetric Merge(RatioMetric other) => new(Keys + other.Keys, X + other.X, Y + other.Y, XX + other.XX, YY + other.YY, XY + other.XY);

    /// <summary>z test of equal ratios; z &gt; 0 when the first is larger.</summary>
    public static TestResult Test(RatioMetric first, RatioMetric second)
    {
        double z = (first.Ratio - second.Ratio) / Math.Sqrt(first.Variance + second.Variance);
        return double.IsFinite(z) ? new TestResult(z, Normal.TwoSided(z)) : TestResult.Undefined;
    }
}
