namespace Mlops.Core.Evaluation;

/// <summary>The plain mean of metrics, over those that are defined.</summary>
internal sealed class AverageMetric(IReadOnlyList<WeightedMetric> parts) : WeightedMetric
{
    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts)
    {
        double sum = 0;
        int defined = 0;
        foreach (WeightedMetric part in parts)
        {
            double value = part.Value(counts);
            if (!double.IsNaN(value))
            {
                sum += value;
                defined++;
            }
        }

        return defined > 0 ? sum / defined : double.NaN;
    }
}
