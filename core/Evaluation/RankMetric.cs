namespace Mlops.Core.Evaluation;

/// <summary>ROC AUC or average precision of one class against the rest; the rows are sorted by score once.</summary>
/// <remarks>Equal scores count as one threshold: in the ROC a tie counts half, and precision is measured after all of them.
/// NaN when one of the two sides is empty.</remarks>
internal sealed class RankMetric : WeightedMetric
{
    private readonly int[] _order;
    private readonly bool[] _positive;
    private readonly bool[] _endsTie;
    private readonly bool _precision;

    public RankMetric(float[] scores, bool[] positive, bool precision)
    {
        _precision = precision;
        _order = [.. Enumerable.Range(0, scores.Length)];
        Array.Sort([.. scores.Select(s => -s)], _order);
        _positive = [.. _order.Select(i => positive[i])];
        _endsTie = [.. Enumerable.Range(0, _order.Length).Select(i => i + 1 == _order.Length || scores[_order[i]] != scores[_order[i + 1]])];
    }

    /// <inheritdoc/>
    public override double Value(ReadOnlySpan<double> counts) => _precision ? AveragePrecision(counts) : RocAuc(counts);

    private double RocAuc(ReadOnlySpan<double> counts)
    {
        double area = 0, positives = 0, negatives = 0, tiedPositives = 0, tiedNegatives = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            double count = counts[_order[i]];
            if (_positive[i])
            {
                tiedPositives += count;
            }
            else
            {
                tiedNegatives += count;
            }

            if (_endsTie[i])
            {
                area += tiedNegatives * (positives + (tiedPositives / 2));
                positives += tiedPositives;
                negatives += tiedNegatives;
                tiedPositives = tiedNegatives = 0;
            }
        }

        return positives > 0 && negatives > 0 ? area / (positives * negatives) : double.NaN;
    }

    private double AveragePrecision(ReadOnlySpan<double> counts)
    {
        double sum = 0, positives = 0, rows = 0, tiedPositives = 0, tied = 0;
        for (int i = 0; i < _order.Length; i++)
        {
            double count = counts[_order[i]];
            tied += count;
            tiedPositives += _positive[i] ? count : 0;
            if (_endsTie[i])
            {
                positives += tiedPositives;
                rows += tied;
                sum += tiedPositives > 0 ? tiedPositives * positives / rows : 0;
                tied = tiedPositives = 0;
            }
        }

        return positives > 0 && rows > positives ? sum / positives : double.NaN;
    }
}
