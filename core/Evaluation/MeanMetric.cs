namespace Mlops.Core.Evaluation;

/// <summary>A function of the mean of one number per row: log loss, accuracy, Brier score, absolute and squared error.</summary>
internal sealed class MeanMetric(double[] values, Func<double, double>? transform = null) : WeightedMetric
{
    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts)
    {
        double sum = 0;
        double rows = 0;
        for (int i = 0; i < values.Length; i++)
        {
            // A row whose value is not defined (a percentage of zero) does not count.
            if (counts[i] > 0 && !double.IsNaN(values[i]))
            {
                sum += counts[i] * values[i];
                rows += counts[i];
            }
        }

        double mean = rows > 0 ? sum / rows : double.NaN;
        return transform is null ? mean : transform(mean);
    }
}
