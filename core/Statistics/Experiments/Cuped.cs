using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>CUPED: takes out of a metric what a covariate from before the experiment explains, so that fewer rows are needed.</summary>
/// <remarks>Deng, Xu, Kohavi, Walker (2013): y − θ(x − x̄) with θ = cov(x, y)/var(x) over both arms. Unbiased because x cannot depend on the arm; the variance falls by the squared
/// correlation. O(n).</remarks>
public static class Cuped
{
    /// <summary>The adjusted metric of both arms, ready for <see cref="WelchT"/> or <see cref="SequentialMeans"/>, and the share of variance removed. Rows with NaN in either are left out.</summary>
    /// <exception cref="ArgumentException">Metric and covariate of an arm differ in length.</exception>
    public static (Moments First, Moments Second, double VarianceRemoved) Adjust(ReadOnlySpan<double> metric1, ReadOnlySpan<double> covariate1, ReadOnlySpan<double> metric2, ReadOnlySpan<double> covariate2)
    {
        if (metric1.Length != covariate1.Length || metric2.Length != covariate2.Length)
        {
            throw new ArgumentException($"The metric has {metric1.Length} and {metric2.Length} rows, the covariate {covariate1.Length} and {covariate2.Length}; they must match.");
        }

        (metric1, covariate1) = Samples.Complete(metric1, covariate1);
        (metric2, covariate2) = Samples.Complete(metric2, covariate2);
        Moments x1 = Moments.Of(covariate1), x2 = Moments.Of(covariate2), y1 = Moments.Of(metric1), y2 = Moments.Of(metric2), x = x1.Merge(x2);

        // Within-arm covariance: the effect of the treatment must not leak into θ.
        double covariance = Cross(metric1, covariate1, y1.Mean, x1.Mean) + Cross(metric2, covariate2, y2.Mean, x2.Mean), spread = x1.M2 + x2.M2;
        double theta = spread > 0 ? covariance / spread : 0;
        Moments a = Of(metric1, covariate1, theta, x.Mean), b = Of(metric2, covariate2, theta, x.Mean);
        double before = y1.M2 + y2.M2;
        return (a, b, before > 0 ? 1 - (a.M2 + b.M2) / before : 0);
    }

    private static double Cross(ReadOnlySpan<double> y, ReadOnlySpan<double> x, double meanY, double meanX)
    {
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
        {
            sum += (y[i] - meanY) * (x[i] - meanX);
        }

        return sum;
    }

    private static Moments Of(ReadOnlySpan<double> metric, ReadOnlySpan<double> covariate, double theta, double mean)
    {
        double[] adjusted = new double[metric.Length];
        for (int i = 0; i < adjusted.Length; i++)
        {
            adjusted[i] = metric[i] - theta * (covariate[i] - mean);
        }

        return Moments.Of(adjusted);
    }
}
