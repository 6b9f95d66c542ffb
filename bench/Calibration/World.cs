namespace Mlops.Calibration;

/// <summary>Distributions that data really have.</summary>
public static class World
{
    /// <summary>Names of the numeric worlds.</summary>
    public static IReadOnlyList<string> Numeric { get; } = ["normal", "skewed", "heavy-tailed", "discrete", "mostly zero"];

    /// <summary>n values of a world, moved by <paramref name="shift"/>.</summary>
    public static double[] Draw(string world, Random random, int n, double shift = 0)
    {
        ArgumentNullException.ThrowIfNull(random);
        double[] values = new double[n];
        for (int i = 0; i < n; i++)
        {
            values[i] = shift + world switch
            {
                "normal" => Normal(random),
                "skewed" => Math.Exp(Normal(random)),
                "heavy-tailed" => Normal(random) / Math.Max(1e-12, Math.Abs(Normal(random))),
                "discrete" => Math.Floor(random.NextDouble() * 6),
                "mostly zero" => random.NextDouble() < 0.9 ? 0 : Normal(random),
                _ => throw new ArgumentOutOfRangeException(nameof(world), world, "Unknown world."),
            };
        }

        return values;
    }

    /// <summary>Counts of n draws from k categories with Zipf weights.</summary>
    public static long[] Categories(Random random, int n, int k)
    {
        ArgumentNullException.ThrowIfNull(random);
        long[] counts = new long[k];
        for (int i = 0; i < n; i++)
        {
            counts[Category(random, k)]++;
        }

        return counts;
    }

    /// <summary>One of k categories, the first the most frequent: density falls as 1/rank.</summary>
    public static int Category(Random random, int k)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Math.Min(k - 1, (int)Math.Exp(random.NextDouble() * Math.Log(k + 1)) - 1);
    }

    /// <summary>A standard normal value.</summary>
    public static double Normal(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
