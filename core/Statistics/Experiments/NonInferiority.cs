using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>Proof that a second arm is not worse by a margin, for guardrail metrics: "no significant difference" proves nothing.</summary>
/// <remarks>One-sided Welch test of mean₂ − mean₁ ≤ −margin, for metrics where higher is better. Several guardrails that must all hold each get the full α
/// (intersection–union, Berger 1982). O(1) from moments.</remarks>
public static class NonInferiority
{
    /// <summary>The p-value of "worse by at least the margin"; at or below α proves non-inferiority. Undefined as <see cref="WelchT"/>.</summary>
    public static TestResult Test(Moments first, Moments second, double margin)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(margin);
        return WelchT.Test(second with { Mean = second.Mean + margin }, first, Alternative.Greater);
    }

    /// <summary>Names the guardrails that are not proven; empty when all hold at <paramref name="alpha"/>.</summary>
    public static IReadOnlyList<string> Unproven(IEnumerable<(string Name, Moments First, Moments Second, double Margin)> guardrails, double alpha)
    {
        ArgumentNullException.ThrowIfNull(guardrails);
        return [.. guardrails.Where(g => !(Test(g.First, g.Second, g.Margin).PValue <= alpha)).Select(g => g.Name)];
    }
}
