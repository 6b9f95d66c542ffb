namespace Mlops.Core.Statistics.Distributions;

/// <summary>The F distribution.</summary>
public static class FDistribution
{
    /// <summary>P(F &gt; f) for the given degrees of freedom of numerator and denominator.</summary>
    public static double Sf(double f, double numerator, double denominator)
    {
        if (double.IsNaN(f))
        {
            return double.NaN;
        }

        if (f <= 0 || double.IsPositiveInfinity(f))
        {
            return f <= 0 ? 1 : 0;
        }

        double total = denominator + numerator * f;
        return numerator * f < denominator
            ? BetaFunctions.UpperRegularized(numerator / 2, denominator / 2, numerator * f / total)
            : BetaFunctions.Regularized(denominator / 2, numerator / 2, denominator / total);
    }
}
