namespace Mlops.Core.Evaluation;

/// <summary>R² = 1 − Σ(y − p)² / Σ(y − ȳ)²; NaN when all answers are equal.</summary>
internal sealed class R2Metric(double[] answers, double[] predicted) : WeightedMetric
{
    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts)
    {
        double rows = 0, mean = 0, spread = 0, error = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            if (counts[i] == 0)
            {
                continue;
            }

            // Weighted Welford: sums of squares of large answers would cancel.
            rows += counts[i];
            double delta = answers[i] - mean;
            mean += delta * counts[i] / rows;
            spread += counts[i] * delta * (answers[i] - mean);
            error += counts[i] * (answers[i] - predicted[i]) * (answers[i] - predicted[i]);
        }

        return spread > 0 ? 1 - (error / spread) : double.NaN;
    }
}
