namespace Mlops.Core.Statistics.ChangePoints;

/// <summary>When did the mean change? All change points of a series at once.</summary>
/// <remarks>Killick, Fearnhead, Eckley (2012), PELT: exact minimum of Σ(x − segment mean)²/σ² + penalty per change, by dynamic programming with pruning; σ from the median absolute difference of
/// neighbours, so that the changes themselves do not inflate it. The default penalty 3·ln n is set by simulation: at most 5 % of stationary normal series show a change (see docs/calibration.md). O(n) on average,
/// O(n²) without changes.</remarks>
public static class Pelt
{
    /// <summary>Values of the longest series taken.</summary>
    public const int MaximumLength = 20_000;

    /// <summary>The positions (0-based) where a new segment begins, ascending; empty when nothing changed or fewer than 4 values.</summary>
    /// <param name="values">The series; all finite.</param>
    /// <param name="penalty">Cost of a change in units of σ²; null for 3·ln n.</param>
    /// <param name="minimumLength">Values a segment has at least.</param>
    public static IReadOnlyList<int> Find(ReadOnlySpan<double> values, double? penalty = null, int minimumLength = 2)
    {
        int n = values.Length;
        if (n > MaximumLength)
        {
            throw new ArgumentException($"The series has {n} values; at most {MaximumLength} are taken. Average neighbours first.", nameof(values));
        }

        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(FormattableString.Invariant($"The series holds {value}; expected finite numbers. Leave missing values out."), nameof(values));
            }
        }

        double variance = Noise(values);
        if (n < 4 || variance == 0)
        {
            return [];
        }

        double cost = penalty ?? 3 * Math.Log(n);
        double[] sum = new double[n + 1], squares = new double[n + 1];
        for (int i = 0; i < n; i++)
        {
            double x = values[i] - values[0];
            sum[i + 1] = sum[i] + x;
            squares[i + 1] = squares[i] + x * x;
        }

        double[] best = new double[n + 1];
        int[] previous = new int[n + 1];

        // A start that can no longer win ends only after one more segment: until then no other start fits before the same end.
        List<(int Start, int Until)> candidates = [(0, int.MaxValue)];
        Array.Fill(best, double.PositiveInfinity);
        best[0] = -cost;
        for (int end = minimumLength; end <= n; end++)
        {
            foreach ((int start, _) in candidates)
            {
                double total = best[start] + Cost(start, end) + cost;
                if (end - start >= minimumLength && total < best[end])
                {
                    (best[end], previous[end]) = (total, start);
                }
            }

            for (int i = 0; i < candidates.Count; i++)
            {
                (int start, int until) = candidates[i];
                if (until == int.MaxValue && end - start >= minimumLength && best[start] + Cost(start, end) > best[end])
                {
                    candidates[i] = (start, end + minimumLength);
                }
            }

            int next = end + 1;
            candidates.RemoveAll(candidate => candidate.Until <= next);
            candidates.Add((next - minimumLength, int.MaxValue));
        }

        List<int> changes = [];
        for (int at = previous[n]; at > 0; at = previous[at])
        {
            changes.Add(at);
        }

        changes.Reverse();
        return changes;

        double Cost(int start, int end)
        {
            double total = sum[end] - sum[start];
            return Math.Max(0, squares[end] - squares[start] - total * total / (end - start)) / variance;
        }
    }

    /// <summary>σ² from neighbours: the median of |xᵢ₊₁ − xᵢ| is 0.6745·√2·σ for normal noise; where half of the neighbours are equal, from their mean square.</summary>
    private static double Noise(ReadOnlySpan<double> values)
    {
        if (values.Length < 4)
        {
            return 0;
        }

        double[] steps = new double[values.Length - 1];
        double squares = 0;
        for (int i = 0; i < steps.Length; i++)
        {
            steps[i] = Math.Abs(values[i + 1] - values[i]);
            squares += steps[i] * steps[i];
        }

        Array.Sort(steps);
        double median = steps[steps.Length / 2], sigma = median / (0.6744897501960817 * Math.Sqrt(2));
        return median > 0 ? sigma * sigma : squares / steps.Length / 2;
    }
}
