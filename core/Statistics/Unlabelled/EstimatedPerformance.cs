namespace Mlops.Core.Statistics.Unlabelled;

/// <summary>A metric estimated without labels, with its interval.</summary>
/// <param name="Value">The estimate; NaN where the metric is undefined.</param>
/// <param name="Lower">Lower end of the interval.</param>
/// <param name="Upper">Upper end.</param>
public readonly record struct EstimatedMetric(double Value, double Lower, double Upper);

/// <summary>Accuracy, F1 and AUC of a binary classifier before its labels arrive.</summary>
/// <remarks>Confidence-based performance estimation (in the spirit of NannyML's CBPE): if probabilities are calibrated, each row is right with a known probability, so the confusion matrix has a
/// known distribution; the interval covers the labels' randomness by drawing them. It holds under changes of the inputs, not when the relation of inputs and label changes: compare with the truth later.
/// O(draws · n log n).</remarks>
/// <param name="Accuracy">Share of right predictions.</param>
/// <param name="F1">F1 of the positive class.</param>
/// <param name="Auc">Area under the ROC curve.</param>
public sealed record EstimatedPerformance(EstimatedMetric Accuracy, EstimatedMetric F1, EstimatedMetric Auc)
{
    /// <summary>Estimates from calibrated probabilities of the positive class.</summary>
    /// <param name="probabilities">Calibrated, in [0, 1]; NaN in it or in <paramref name="scores"/> leaves the row out; see <see cref="IsotonicCalibration"/>.</param>
    /// <param name="predicted">What the model answered.</param>
    /// <param name="scores">What orders the rows for the AUC.</param>
    /// <param name="alpha">Two-sided error rate of each interval.</param>
    /// <param name="draws">Label sets drawn; at least 100.</param>
    /// <param name="seed">The seed.</param>
    public static EstimatedPerformance Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> predicted, ReadOnlySpan<double> scores, double alpha = 0.05, int draws = 400, int seed = 1)
    {
        int n = probabilities.Length;
        if (predicted.Length != n || scores.Length != n)
        {
            throw new ArgumentException($"There are {n} probabilities, {predicted.Length} predictions and {scores.Length} scores; they must match.", nameof(predicted));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 100);
        for (int i = 0; i < n; i++)
        {
            if (double.IsNaN(probabilities[i] + scores[i]))
            {
                return OfPresent(probabilities, predicted, scores, alpha, draws, seed);
            }
        }

        int[] order = [.. Enumerable.Range(0, n)];
        double[] keys = scores.ToArray();
        Array.Sort(keys, order);
        double[] accuracy = new double[draws], f1 = new double[draws], auc = new double[draws];
        Random random = new(seed);
        bool[] labels = new bool[n];
        for (int d = 0; d < draws; d++)
        {
            for (int i = 0; i < n; i++)
            {
                labels[i] = random.NextDouble() < probabilities[i];
            }

            (accuracy[d], f1[d], auc[d]) = Metrics(labels, predicted, keys, order);
        }

        return new EstimatedPerformance(Summary(accuracy, alpha), Summary(f1, alpha), Summary(auc, alpha));
    }

    private static EstimatedPerformance OfPresent(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> predicted, ReadOnlySpan<double> scores, double alpha, int draws, int seed)
    {
        List<double> p = [], s = [];
        List<bool> y = [];
        for (int i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(probabilities[i] + scores[i]))
            {
                p.Add(probabilities[i]);
                s.Add(scores[i]);
                y.Add(predicted[i]);
            }
        }

        return Of([.. p], [.. y], [.. s], alpha, draws, seed);
    }

    private static (double Accuracy, double F1, double Auc) Metrics(bool[] labels, ReadOnlySpan<bool> predicted, double[] sorted, int[] order)
    {
        double right = 0, both = 0, either = 0, positives = 0, wins = 0, below = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            right += labels[i] == predicted[i] ? 1 : 0;
            both += labels[i] && predicted[i] ? 1 : 0;
            either += (labels[i] ? 1 : 0) + (predicted[i] ? 1 : 0);
            positives += labels[i] ? 1 : 0;
        }

        for (int i = 0; i < order.Length;)
        {
            double up = 0, down = 0;
            for (double score = sorted[i]; i < order.Length && sorted[i] == score; i++)
            {
                up += labels[order[i]] ? 1 : 0;
                down += labels[order[i]] ? 0 : 1;
            }

            wins += up * (below + down / 2);
            below += down;
        }

        return (right / labels.Length, either == 0 ? double.NaN : 2 * both / either, wins / (positives * (labels.Length - positives)));
    }

    private static EstimatedMetric Summary(double[] draws, double alpha)
    {
        double[] defined = [.. draws.Where(d => !double.IsNaN(d)).Order()];
        return defined.Length == 0 ? new EstimatedMetric(double.NaN, double.NaN, double.NaN)
            : new EstimatedMetric(defined.Average(), defined[(int)(alpha / 2 * (defined.Length - 1))], defined[(int)Math.Ceiling((1 - alpha / 2) * (defined.Length - 1))]);
    }
}
