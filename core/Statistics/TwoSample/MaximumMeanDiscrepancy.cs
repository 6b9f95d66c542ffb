namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Maximum mean discrepancy of two multivariate samples with a Gaussian kernel: joint drift that no single column shows.</summary>
/// <remarks>MMD² = mean k(x, x′) + mean k(y, y′) − 2·mean k(x, y), unbiased (diagonals left out); k(a, b) = e^(−|a−b|²/(2σ²)) with σ² half the median squared distance of
/// the pooled rows. Gretton et al. (2012). The p-value permutes rows of the kernel matrix, exact at any size. O((n + m)²·(columns + permutations)), so at most 2,000 rows.</remarks>
public static class MaximumMeanDiscrepancy
{
    private const int MaximumRows = 2000;

    /// <summary>MMD² and its permutation p-value (at least 1/(permutations + 1)). Fewer than two rows in a sample, or all rows equal: undefined.</summary>
    /// <param name="first">Rows of one sample; scale columns alike before. Rows with NaN are left out.</param>
    /// <param name="second">Rows of the other.</param>
    /// <param name="permutations">Random relabellings; the default is 999.</param>
    /// <param name="seed">The seed.</param>
    public static TestResult Test(IReadOnlyList<double[]> first, IReadOnlyList<double[]> second, int permutations = 999, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        double[][] a = [.. first.Where(row => !row.Any(double.IsNaN))], b = [.. second.Where(row => !row.Any(double.IsNaN))];
        int n = a.Length, total = n + b.Length;
        if (total > MaximumRows)
        {
            throw new ArgumentException($"There are {total} rows; at most {MaximumRows} are compared. Pass a random sample.", nameof(first));
        }

        if (n < 2 || b.Length < 2)
        {
            return TestResult.Undefined;
        }

        double[][] rows = [.. a, .. b];
        double[,] kernel = new double[total, total];
        List<double> squares = [];
        for (int i = 0; i < total; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double square = 0;
                for (int c = 0; c < rows[i].Length; c++)
                {
                    square += (rows[i][c] - rows[j][c]) * (rows[i][c] - rows[j][c]);
                }

                kernel[i, j] = kernel[j, i] = square;
                squares.Add(square);
            }
        }

        squares.Sort();
        double median = squares[squares.Count / 2];
        median = median > 0 ? median : squares[^1];
        if (median == 0)
        {
            return TestResult.Undefined;
        }

        for (int i = 0; i < total; i++)
        {
            for (int j = 0; j < total; j++)
            {
                kernel[i, j] = Math.Exp(-kernel[i, j] / median);
            }
        }

        int[] order = [.. Enumerable.Range(0, total)];
        double seen = Value(kernel, order, n);
        Random random = new(seed);
        int atLeast = 1;
        for (int p = 0; p < permutations; p++)
        {
            random.Shuffle(order);
            atLeast += Value(kernel, order, n) >= seen ? 1 : 0;
        }

        return new TestResult(seen, (double)atLeast / (permutations + 1));
    }

    private static double Value(double[,] kernel, int[] order, int n)
    {
        int total = order.Length, m = total - n;
        double within1 = 0, within2 = 0, across = 0;
        for (int i = 0; i < total; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double k = kernel[order[i], order[j]];
                if (i < n)
                {
                    within1 += k;
                }
                else if (j >= n)
                {
                    within2 += k;
                }
                else
                {
                    across += k;
                }
            }
        }

        return 2 * within1 / ((double)n * (n - 1)) + 2 * within2 / ((double)m * (m - 1)) - 2 * across / ((double)n * m);
    }
}
