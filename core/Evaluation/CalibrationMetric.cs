namespace Mlops.Core.Evaluation;

/// <summary>Expected calibration error: the mean distance between confidence and share of hits, over equal bins of confidence (M. P. Naeini et al. 2015).</summary>
internal sealed class CalibrationMetric(double[] confidence, bool[] hit, int bins) : WeightedMetric
{
    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts)
    {
        double[] gap = new double[bins];
        double rows = 0;
        for (int i = 0; i < confidence.Length; i++)
        {
            int bin = Math.Clamp((int)(confidence[i] * bins), 0, bins - 1);
            gap[bin] += counts[i] * (confidence[i] - (hit[i] ? 1 : 0));
            rows += counts[i];
        }

        return rows > 0 ? gap.Sum(Math.Abs) / rows : double.NaN;
    }
}
