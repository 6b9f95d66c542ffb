namespace Mlops.Core.Tests.Statistics;

/// <summary>Seeded distributions that data really have.</summary>
internal static class Worlds
{
    public static double[] Numbers(string world, int n, int seed)
    {
        Random random = new(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++)
        {
            values[i] = world switch
            {
                "normal" => Normal(random),
                "lognormal" => Math.Exp(2 * Normal(random)),
                "cauchy" => Math.Tan(Math.PI * (random.NextDouble() - 0.5)),
                "discrete" => Math.Floor(random.NextDouble() * 12),
                "mostly zero" => random.NextDouble() < 0.9 ? 0 : Normal(random),
                "timestamps" => 1_700_000_000 + Math.Floor(random.NextDouble() * 30 * 86400),
                "uniform" => random.NextDouble(),
                _ => throw new ArgumentOutOfRangeException(nameof(world), world, "Unknown world."),
            };
        }

        return values;
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
