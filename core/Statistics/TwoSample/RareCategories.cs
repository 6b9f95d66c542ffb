namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Pools categories too rare for a χ² approximation.</summary>
internal static class RareCategories
{
    /// <summary>The counts with all categories whose expected count in the smaller sample is below <paramref name="minimumExpected"/> summed into a last one.
    /// If the sum itself is still rare it joins the rarest other category. Categories empty in both samples vanish.</summary>
    public static (double[] First, double[] Second) Pool(IReadOnlyList<long> first, IReadOnlyList<long> second, double minimumExpected)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"The samples have {first.Count} and {second.Count} categories; they must have the same ones.", nameof(second));
        }

        double n = first.Sum(), m = second.Sum(), share = Math.Min(n, m) / Math.Max(1, n + m);
        List<double> a = [], b = [];
        double pooledA = 0, pooledB = 0;
        for (int i = 0; i < first.Count; i++)
        {
            double both = (double)first[i] + second[i];
            if (both == 0)
            {
                continue;
            }

            if (both * share < minimumExpected)
            {
                pooledA += first[i];
                pooledB += second[i];
            }
            else
            {
                a.Add(first[i]);
                b.Add(second[i]);
            }
        }

        if (pooledA + pooledB == 0)
        {
            return ([.. a], [.. b]);
        }

        if ((pooledA + pooledB) * share < minimumExpected && a.Count > 0)
        {
            int rarest = Enumerable.Range(0, a.Count).MinBy(i => a[i] + b[i]);
            a[rarest] += pooledA;
            b[rarest] += pooledB;
        }
        else
        {
            a.Add(pooledA);
            b.Add(pooledB);
        }

        return ([.. a], [.. b]);
    }
}
