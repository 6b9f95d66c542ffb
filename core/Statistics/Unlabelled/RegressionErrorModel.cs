using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics.Unlabelled;

/// <summary>Mean absolute error of a regression before its labels arrive: errors depend on what was predicted, and predictions are known.</summary>
/// <remarks>Labelled rows are cut at the quantiles of their predictions; each bin has a mean and variance of the absolute error. A window's error is the bins' mean weighted by where its predictions fall, a simple form of
/// direct loss estimation. Holds under changes of the inputs, not of the relation to the label. O(n log bins).</remarks>
public sealed class RegressionErrorModel
{
    private readonly double[] _edges;
    private readonly Moments[] _errors;

    private RegressionErrorModel(double[] edges, Moments[] errors)
    {
        _edges = edges;
        _errors = errors;
    }

    /// <summary>Learns from labelled rows, at least 20 a bin; rows with NaN are left out.</summary>
    public static RegressionErrorModel Fit(ReadOnlySpan<double> predictions, ReadOnlySpan<double> truth, int bins = 20)
    {
        if (predictions.Length != truth.Length)
        {
            throw new ArgumentException($"There are {predictions.Length} predictions and {truth.Length} labels; they must match.", nameof(truth));
        }

        (double[] known, double[] labels) = Samples.Complete(predictions, truth);
        if (known.Length < 20)
        {
            throw new ArgumentException($"{known.Length} of {predictions.Length} rows have both a prediction and a label; at least 20 are needed.", nameof(truth));
        }

        double[] sorted = [.. known.Order()];
        bins = Math.Clamp(Math.Min(bins, known.Length / 20), 1, 1000);
        double[] edges = [.. Enumerable.Range(1, bins - 1).Select(i => sorted[(int)((long)i * sorted.Length / bins)]).Distinct()];
        List<double>[] errors = [.. Enumerable.Range(0, edges.Length + 1).Select(_ => new List<double>())];
        for (int i = 0; i < known.Length; i++)
        {
            errors[Bin(edges, known[i])].Add(Math.Abs(known[i] - labels[i]));
        }

        return new RegressionErrorModel(edges, [.. errors.Select(e => Moments.Of([.. e]))]);
    }

    /// <summary>The expected mean absolute error of a window, NaN left out, with an interval at confidence 1 − α that covers its own noise and that of the bins.</summary>
    public EstimatedMetric Estimate(ReadOnlySpan<double> predictions, double alpha = 0.05)
    {
        double n = 0, mean = 0, variance = 0;
        double[] counts = new double[_errors.Length];
        foreach (double prediction in predictions)
        {
            if (!double.IsNaN(prediction))
            {
                n++;
                counts[Bin(_edges, prediction)]++;
            }
        }

        if (n == 0)
        {
            return new EstimatedMetric(double.NaN, double.NaN, double.NaN);
        }

        for (int b = 0; b < counts.Length; b++)
        {
            double share = counts[b] / n, spread = double.IsNaN(_errors[b].Variance) ? 0 : _errors[b].Variance;
            mean += share * _errors[b].Mean;
            variance += share * spread / n + share * share * spread / Math.Max(1, _errors[b].Count);
        }

        double half = -Normal.Quantile(alpha / 2) * Math.Sqrt(variance);
        return new EstimatedMetric(mean, Math.Max(0, mean - half), mean + half);
    }

    private static int Bin(double[] edges, double value)
    {
        int found = Array.BinarySearch(edges, value);
        return found >= 0 ? found + 1 : ~found;
    }
}
