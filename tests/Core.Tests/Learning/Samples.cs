using Mlops.Core.Learning;

namespace Mlops.Core.Tests.Learning;

/// <summary>Seeded data sets with known structure.</summary>
internal static class Samples
{
    /// <summary>Numeric columns (the second with missing values), then a categorical one that matters.</summary>
    public static FeatureMatrix Mixed(int rows, int seed, int numeric = 5, int categories = 12)
    {
        Random random = new(seed);
        float[][] values = Enumerable.Range(0, numeric + 1).Select(_ => new float[rows]).ToArray();
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < numeric; j++)
            {
                values[j][i] = (float)Normal(random);
            }

            if (random.NextDouble() < 0.2)
            {
                values[1][i] = float.NaN;
            }

            values[numeric][i] = random.NextDouble() < 0.1 ? float.NaN : random.Next(categories);
        }

        FeatureColumn[] features = Enumerable.Range(0, numeric + 1).Select(j => new FeatureColumn($"x{j}", j == numeric ? categories : 0)).ToArray();
        return new FeatureMatrix(rows, features, values);
    }

    /// <summary>A smooth function of <see cref="Mixed"/> columns in which a missing value and a category count.</summary>
    public static double Signal(FeatureMatrix x, int row)
    {
        float last = x[row, x.Columns - 1];
        double category = float.IsNaN(last) ? 0.5 : (int)last % 3 == 0 ? 1.5 : -0.5;
        double second = float.IsNaN(x[row, 1]) ? 1 : 0.5 * x[row, 1];
        return x[row, 0] + second + (Math.Abs(x[row, 2]) * 0.7) + category;
    }

    public static TrainingSet Binary(int rows, int seed, float[]? weights = null)
    {
        FeatureMatrix x = Mixed(rows, seed);
        Random random = new(seed + 1);
        return new TrainingSet(x, Answer(x, i => random.NextDouble() < 1 / (1 + Math.Exp(-Signal(x, i))) ? 1 : 0), weights);
    }

    public static TrainingSet Regression(int rows, int seed, double noise = 0.3)
    {
        FeatureMatrix x = Mixed(rows, seed);
        Random random = new(seed + 1);
        return new TrainingSet(x, Answer(x, i => Signal(x, i) + (noise * Normal(random))));
    }

    public static TrainingSet Counts(int rows, int seed)
    {
        FeatureMatrix x = Mixed(rows, seed);
        Random random = new(seed + 1);
        return new TrainingSet(x, Answer(x, i => Poisson(random, Math.Exp(0.5 * Signal(x, i)))));
    }

    public static TrainingSet MultiClass(int rows, int seed, int classes)
    {
        FeatureMatrix x = Mixed(rows, seed);
        Random random = new(seed + 1);
        return new TrainingSet(x, Answer(x, i => Math.Clamp((int)Math.Floor((Signal(x, i) + (0.3 * Normal(random)) + 3) * classes / 7), 0, classes - 1)));
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static FeatureMatrix Matrix(params float[][] columns) =>
        new(columns[0].Length, columns.Select((_, j) => new FeatureColumn($"x{j}")).ToArray(), columns);

    private static float[] Answer(FeatureMatrix x, Func<int, double> of) => Enumerable.Range(0, x.Rows).Select(i => (float)of(i)).ToArray();

    private static int Poisson(Random random, double mean)
    {
        double limit = Math.Exp(-mean);
        double product = random.NextDouble();
        int count = 0;
        while (product > limit && count < 1000)
        {
            product *= random.NextDouble();
            count++;
        }

        return count;
    }
}
