namespace Mlops.Core.Statistics.Gates;

/// <summary>An interval for the difference of any metric of two models on the same rows.</summary>
/// <remarks>Efron's percentile bootstrap (1979), rows resampled in pairs so that easy and hard rows cancel. Approximate: coverage is near nominal from some 50 rows on for smooth metrics. O(resamples · cost of the
/// metric).</remarks>
public static class PairedBootstrap
{
    /// <summary>The difference on all rows and its interval at confidence 1 − α.</summary>
    /// <param name="rows">Rows both models were scored on; at least 1.</param>
    /// <param name="difference">Candidate minus champion on the given rows (0-based, with repeats); NaN where undefined, such as AUC of one class, is left out.</param>
    /// <param name="alpha">Two-sided error rate.</param>
    /// <param name="resamples">At least 100; the default is 1,000.</param>
    /// <param name="seed">The seed.</param>
    public static (double Difference, double Lower, double Upper) Interval(int rows, Func<int[], double> difference, double alpha = 0.05, int resamples = 1000, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        ArgumentNullException.ThrowIfNull(difference);
        double observed = difference([.. Enumerable.Range(0, rows)]);
        Random random = new(seed);
        List<double> replicates = [];
        int[] picked = new int[rows];
        for (int r = 0; r < resamples; r++)
        {
            for (int i = 0; i < rows; i++)
            {
                picked[i] = random.Next(rows);
            }

            double value = difference(picked);
            if (!double.IsNaN(value))
            {
                replicates.Add(value);
            }
        }

        if (replicates.Count < resamples / 2)
        {
            return (observed, double.NaN, double.NaN);
        }

        replicates.Sort();
        return (observed, At(alpha / 2), At(1 - alpha / 2));

        double At(double q)
        {
            double position = q * (replicates.Count - 1);
            int below = (int)position;
            return below + 1 >= replicates.Count ? replicates[^1] : replicates[below] + (position - below) * (replicates[below + 1] - replicates[below]);
        }
    }
}
