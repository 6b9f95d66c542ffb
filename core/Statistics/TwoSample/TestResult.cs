namespace Mlops.Core.Statistics.TwoSample;

/// <summary>A test's statistic and p-value. Where a test is undefined (too few values, nothing varies) both are NaN or the p-value is 1, as each test states.</summary>
/// <param name="Statistic">The statistic.</param>
/// <param name="PValue">Chance of a statistic at least so extreme under the null hypothesis.</param>
/// <param name="Degrees">Degrees of freedom, where the test has them; otherwise NaN.</param>
public readonly record struct TestResult(double Statistic, double PValue, double Degrees = double.NaN)
{
    /// <summary>No test was possible.</summary>
    public static TestResult Undefined { get; } = new(double.NaN, double.NaN);
}
