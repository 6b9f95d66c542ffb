using MathNet.Numerics.RootFinding;
using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics.Sequential;

/// <summary>An interval for the mean of values between 0 and a known largest one that holds at all times at once, whatever their distribution.</summary>
/// <remarks>Of values in [0, 1] with mean m let ξ = x − m for a lower bound and m − x for an upper one: ξ ≥ −1 with mean 0, so e^(λξ − ψ(λ)ξ²) ≤ 1 + λξ with ψ(λ) = −ln(1 − λ) − λ makes
/// e^(λΣξ − ψ(λ)Σξ²) a test supermartingale for every λ in [0, 1) (Fan, Grama, Liu 2015), and so is its average over λ (Robbins 1970; Howard, Ramdas, McAuliffe, Sekhon 2021). Averaged evenly, with s = Σξ and
/// v = Σξ², it is e^(s+v)·γ(v + 1, s + v)/(s + v)^(v+1). By Ville's inequality it ever exceeds 1/α with probability at most α. No normal approximation: it holds from the first value on, and its width follows the
/// spread of the values. Without a largest value no such interval exists (Bahadur and Savage 1956): a loss as rare as it is huge shows in no sample. Needs only the totals. O(1).</remarks>
public static class BoundedMeanConfidenceSequence
{
    /// <summary>How exactly a bound is found, as a fraction of the largest value.</summary>
    private const double Accuracy = 1e-9;

    /// <summary>Bounds of the mean, each exceeded ever with probability at most α/2; (0, <paramref name="largest"/>) before the first value.</summary>
    /// <param name="values">Moments of values in [0, <paramref name="largest"/>].</param>
    /// <param name="largest">The largest value possible, above 0; fixed before the data are seen.</param>
    /// <param name="alpha">Chance that either bound is ever wrong, in (0, 1).</param>
    public static (double Lower, double Upper) Bounds(Moments values, double largest, double alpha)
    {
        if (!(largest > 0 && double.IsFinite(largest)))
        {
            throw new ArgumentOutOfRangeException(nameof(largest), largest, "The largest value is a finite number above 0.");
        }

        if (values.Count == 0)
        {
            return (0, largest);
        }

        if (!(values.Mean >= 0 && values.Mean <= largest * (1 + 1e-9)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The mean is {values.Mean}; values lie between 0 and {largest}."), nameof(values));
        }

        double n = values.Count, mean = Math.Min(1, values.Mean / largest), squares = values.M2 / (largest * largest), needed = Math.Log(2 / alpha);
        return (largest * Solve(0), largest * Solve(1));

        double Solve(double outside) => LogEvidence(outside) < needed
            ? outside
            : Brent.FindRoot(m => LogEvidence(m) - needed, Math.Min(outside, mean), Math.Max(outside, mean), Accuracy);

        // Grows with the distance of m from the mean, so the bounds are where it first suffices.
        double LogEvidence(double m)
        {
            double gap = Math.Abs(m - mean), s = n * gap, v = squares + (n * gap * gap), x = s + v;
            return x == 0 ? 0 : x + GammaFunctions.LogGamma(v + 1) + Math.Log(GammaFunctions.LowerRegularized(v + 1, x)) - ((v + 1) * Math.Log(x));
        }
    }
}
