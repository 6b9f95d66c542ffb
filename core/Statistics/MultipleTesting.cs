namespace Mlops.Core.Statistics;

/// <summary>How p-values of several hypotheses are corrected.</summary>
public enum Correction
{
    /// <summary>Benjamini–Hochberg (1995): bounds the expected share of false alarms among alarms; valid under positive dependence. When nothing has changed, the chance of any alarm is at most α.</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini–Yekutieli (2001): the same under any dependence, more cautious by Σ1/i.</summary>
    BenjaminiYekutieli,

    /// <summary>Bonferroni: bounds the chance of any false alarm, under any dependence.</summary>
    Bonferroni,

    /// <summary>Holm (1979): as Bonferroni, never less powerful.</summary>
    Holm,
}

/// <summary>Adjusted p-values: reject those at or below α.</summary>
public static class MultipleTesting
{
    /// <summary>The adjusted p-values in the order given, at most 1. O(n log n).</summary>
    /// <param name="pValues">In [0, 1]; NaN (no test was possible) stays NaN and does not count as a hypothesis.</param>
    /// <param name="correction">The method.</param>
    /// <param name="weights">Importance per hypothesis, ≥ 0, scaled here to mean 1; null for equal. Weighted p-values p/w keep the guarantee
    /// (Genovese, Roeder, Wasserman 2006).</param>
    public static double[] Adjust(IReadOnlyList<double> pValues, Correction correction = Correction.BenjaminiHochberg, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(pValues);
        if (weights is not null && weights.Count != pValues.Count)
        {
            throw new ArgumentException($"There are {weights.Count} weights for {pValues.Count} p-values; give one each or none.", nameof(weights));
        }

        int[] order = [.. Enumerable.Range(0, pValues.Count).Where(i => !double.IsNaN(pValues[i]))];
        double meanWeight = weights is null || order.Length == 0 ? 1 : order.Average(i => Math.Max(0, weights[i]));
        double[] scaled = [.. Enumerable.Range(0, pValues.Count).Select(i => weights is null || meanWeight == 0 ? pValues[i] : weights[i] > 0 ? Math.Min(1, pValues[i] * meanWeight / weights[i]) : 1)];
        double[] adjusted = new double[pValues.Count];
        Array.Fill(adjusted, double.NaN);
        Array.Sort([.. order.Select(i => scaled[i])], order);
        int m = order.Length;
        double harmonic = correction == Correction.BenjaminiYekutieli ? Enumerable.Range(1, m).Sum(i => 1.0 / i) : 1;
        switch (correction)
        {
            case Correction.BenjaminiHochberg or Correction.BenjaminiYekutieli:
                double smallest = 1;
                for (int r = m; r >= 1; r--)
                {
                    smallest = Math.Min(smallest, scaled[order[r - 1]] * harmonic * m / r);
                    adjusted[order[r - 1]] = smallest;
                }

                break;
            case Correction.Holm:
                double largest = 0;
                for (int r = 1; r <= m; r++)
                {
                    largest = Math.Max(largest, Math.Min(1, scaled[order[r - 1]] * (m - r + 1)));
                    adjusted[order[r - 1]] = largest;
                }

                break;
            default:
                foreach (int i in order)
                {
                    adjusted[i] = Math.Min(1, scaled[i] * m);
                }

                break;
        }

        return adjusted;
    }
}
