namespace Mlops.Core.Statistics.Unlabelled;

/// <summary>Maps scores to probabilities that came true, monotonically: what confidence-based estimation rests on.</summary>
/// <remarks>Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002); between knots linear. O(n log n) to fit, O(log k) to apply.</remarks>
public sealed class IsotonicCalibration
{
    private readonly double[] _scores;
    private readonly double[] _probabilities;

    private IsotonicCalibration(double[] scores, double[] probabilities)
    {
        _scores = scores;
        _probabilities = probabilities;
    }

    /// <summary>Fits scores to outcomes of labelled rows; at least one. Rows without a score (NaN) are left out.</summary>
    public static IsotonicCalibration Fit(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positive)
    {
        if (scores.Length != positive.Length || scores.IsEmpty)
        {
            throw new ArgumentException($"There are {scores.Length} scores and {positive.Length} labels; both must match and not be empty.", nameof(positive));
        }

        List<double> present = [], answers = [];
        for (int i = 0; i < scores.Length; i++)
        {
            if (!double.IsNaN(scores[i]))
            {
                present.Add(scores[i]);
                answers.Add(positive[i] ? 1 : 0);
            }
        }

        if (present.Count == 0)
        {
            throw new ArgumentException($"None of the {scores.Length} scores is a number; at least one labelled row needs a score.", nameof(scores));
        }

        double[] sorted = [.. present], outcomes = [.. answers];
        Array.Sort(sorted, outcomes);
        List<(double ScoreSum, double Sum, double Count)> blocks = [];
        for (int i = 0; i < sorted.Length;)
        {
            (double ScoreSum, double Sum, double Count) block = default;
            for (double score = sorted[i]; i < sorted.Length && sorted[i] == score; i++)
            {
                block = (block.ScoreSum + score, block.Sum + outcomes[i], block.Count + 1);
            }

            blocks.Add(block);
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Count >= blocks[^1].Sum / blocks[^1].Count)
            {
                block = (blocks[^2].ScoreSum + blocks[^1].ScoreSum, blocks[^2].Sum + blocks[^1].Sum, blocks[^2].Count + blocks[^1].Count);
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add(block);
            }
        }

        return new IsotonicCalibration([.. blocks.Select(b => b.ScoreSum / b.Count)], [.. blocks.Select(b => b.Sum / b.Count)]);
    }

    /// <summary>The probability of a score; NaN of NaN.</summary>
    public double Apply(double score)
    {
        if (double.IsNaN(score))
        {
            return double.NaN;
        }

        int above = Array.BinarySearch(_scores, score);
        if (above >= 0)
        {
            return _probabilities[above];
        }

        above = ~above;
        if (above == 0 || above == _scores.Length)
        {
            return above == 0 ? _probabilities[0] : _probabilities[^1];
        }

        double share = (score - _scores[above - 1]) / (_scores[above] - _scores[above - 1]);
        return _probabilities[above - 1] + share * (_probabilities[above] - _probabilities[above - 1]);
    }
}
