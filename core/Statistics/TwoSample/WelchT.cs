using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Welch's t test of the difference of two means with unequal variances.</summary>
/// <remarks>t = (ā − b̄)/√(s²ₐ/n + s²_b/m), degrees of freedom by Welch and Satterthwaite (1947). Works from profiles, because it needs only moments. Assumes nearly normal means: safe from some
/// tens of values, more for heavy tails. O(n + m) from samples, O(1) from moments.</remarks>
public static class WelchT
{
    /// <summary>t, p-value and degrees of freedom. Fewer than two values in a sample, or no variance in both: undefined, except that equal constants give t = 0, p = 1.</summary>
    public static TestResult Test(Moments first, Moments second, Alternative alternative = Alternative.TwoSided)
    {
        if (first.Count < 2 || second.Count < 2)
        {
            return TestResult.Undefined;
        }

        double a = first.Variance / first.Count, b = second.Variance / second.Count;
        if (a + b == 0)
        {
            return first.Mean == second.Mean ? new TestResult(0, 1) : TestResult.Undefined;
        }

        double t = (first.Mean - second.Mean) / Math.Sqrt(a + b), degrees = (a + b) * (a + b) / (a * a / (first.Count - 1) + b * b / (second.Count - 1));
        double p = alternative switch { Alternative.Greater => StudentT.Sf(t, degrees), Alternative.Less => StudentT.Sf(-t, degrees), _ => StudentT.TwoSided(t, degrees) };
        return new TestResult(t, p, degrees);
    }

    /// <summary>The test from samples.</summary>
    public static TestResult Test(ReadOnlySpan<double> first, ReadOnlySpan<double> second, Alternative alternative = Alternative.TwoSided) =>
        Test(Moments.Of(first), Moments.Of(second), alternative);

    /// <summary>The interval of the difference of means at confidence 1 − α; NaN where the test is undefined.</summary>
    public static (double Lower, double Upper) Interval(Moments first, Moments second, double alpha)
    {
        TestResult test = Test(first, second);
        double difference = first.Mean - second.Mean;
        double half = StudentT.UpperQuantile(alpha / 2, test.Degrees) * Math.Sqrt(first.Variance / first.Count + second.Variance / second.Count);
        return (difference - half, difference + half);
    }
}
