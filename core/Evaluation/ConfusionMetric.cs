namespace Mlops.Core.Evaluation;

/// <summary>A function of the confusion matrix.</summary>
internal sealed class ConfusionMetric(int[] truth, int[] predicted, int classes, Func<ConfusionMatrix, double> function) : WeightedMetric
{
    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts)
    {
        double[,] cells = new double[classes, classes];
        for (int i = 0; i < truth.Length; i++)
        {
            cells[truth[i], predicted[i]] += counts[i];
        }

        return function(new ConfusionMatrix(cells));
    }
}
