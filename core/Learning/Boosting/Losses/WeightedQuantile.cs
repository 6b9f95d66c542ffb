namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>A minimiser of the weighted pinball loss.</summary>
internal static class WeightedQuantile
{
    /// <summary>The smallest value whose cumulative weight reaches <paramref name="quantile"/> of the total; half-way to the next where it is met exactly. Sorts the arrays.</summary>
    public static double Of(float[] values, float[]? weights, double quantile)
    {
        if (weights is null)
        {
            Array.Sort(values);
            double position = quantile * values.Length;
            int index = Math.Clamp((int)Math.Ceiling(position) - 1, 0, values.Length - 1);
            return position == index + 1 && index + 1 < values.Length
                ? ((double)values[index] + values[index + 1]) / 2
                : values[index];
        }

        Array.Sort(values, weights);
        double total = 0;
        foreach (float weight in weights)
        {
            total += weight;
        }

        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += weights[i];
            if (sum > quantile * total || i == values.Length - 1)
            {
                return values[i];
            }

            if (sum == quantile * total && sum > 0)
            {
                int next = i + 1;
                while (next < values.Length - 1 && weights[next] == 0)
                {
                    next++;
                }

                return ((double)values[i] + values[next]) / 2;
            }
        }

        return 0;
    }
}
