using MathNet.Numerics.RootFinding;
using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.Sequential;

/// <summary>An interval for a proportion that holds at all times at once: look after every observation, stop whenever you like.</summary>
/// <remarks>The mixture likelihood with the Beta(½, ½) prior divided by the likelihood at the true p is a non-negative martingale of mean 1, so by Ville's inequality
/// it ever exceeds 1/α with probability at most α (Ville 1939; Robbins 1970). The interval holds all p where it has not. Exact for any p and n; it needs only the totals. O(1).</remarks>
public static class BernoulliConfidenceSequence
{
    private const double Accuracy = 1e-12;

    /// <summary>No proportion is told apart from 0 or 1 that is nearer to it.</summary>
    private const double Tiny = 1e-15;

    /// <summary>Bounds of p after <paramref name="successes"/> of <paramref name="trials"/>, each exceeded ever with probability at most α/2; (0, 1) before the first.</summary>
    public static (double Lower, double Upper) Bounds(long successes, long trials, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        double level = LogMixture(successes, trials) - Math.Log(2 / alpha), mean = trials == 0 ? 0.5 : (double)successes / trials;
        return trials == 0 ? (0, 1) : (Solve(0, Tiny), Solve(1, 1 - Tiny));

        double Solve(double end, double near) => Excess(near) > 0 ? end : Brent.FindRoot(Excess, Math.Min(near, mean), Math.Max(near, mean), Accuracy);

        double Excess(double p) => LogLikelihood(successes, trials, p) - level;
    }

    /// <summary>The natural logarithm of evidence that p exceeds <paramref name="bound"/>: mixture likelihood over the largest likelihood with p ≤ bound. At or above
    /// ln(1/α) at any time rejects p ≤ bound with error at most α.</summary>
    public static double LogEvidenceAbove(double successes, double trials, double bound) =>
        trials == 0 ? 0 : LogMixture(successes, trials) - LogLikelihood(successes, trials, Math.Min(bound, successes / trials));

    internal static double LogMixture(double successes, double trials) =>
        GammaFunctions.LogGamma(successes + 0.5) + GammaFunctions.LogGamma(trials - successes + 0.5) - GammaFunctions.LogGamma(trials + 1) - Math.Log(Math.PI);

    private static double LogLikelihood(double successes, double trials, double p) =>
        (successes == 0 ? 0 : successes * Math.Log(p)) + (trials == successes ? 0 : (trials - successes) * Math.Log(1 - p));
}
