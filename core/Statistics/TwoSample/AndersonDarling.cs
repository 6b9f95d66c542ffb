namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Anderson–Darling k-sample test: do all samples come from one distribution? Weighs the tails more than Cramér–von Mises.</summary>
/// <remarks>Scholz and Stephens, "K-sample Anderson–Darling tests" (1987): A²akN with mid-ranks, standardised by its exact mean and variance. The p-value interpolates their table and therefore ends at 0.001
/// and 0.25; use <see cref="PermutationTest"/> where a smaller one matters. O(N log N).</remarks>
public static class AndersonDarling
{
    private static readonly double[] Levels = [0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001];
    private static readonly double[] B0 = [0.675, 1.281, 1.645, 1.96, 2.326, 2.573, 3.085];
    private static readonly double[] B1 = [-0.245, 0.25, 0.678, 1.149, 1.822, 2.364, 3.615];
    private static readonly double[] B2 = [-0.105, -0.305, -0.362, -0.391, -0.396, -0.345, -0.154];

    /// <summary>The standardised statistic and the p-value in [0.001, 0.25]. Fewer than two samples, an empty one, or all values equal: undefined.</summary>
    public static TestResult Test(params double[][] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        double[][] sorted = [.. samples.Select(s => Samples.Sorted(s))];
        double[] all = [.. sorted.SelectMany(s => s).Order()];
        int k = sorted.Length, total = all.Length;
        if (k < 2 || total < 4 || sorted.Any(s => s.Length == 0) || all[0] == all[^1])
        {
            return TestResult.Undefined;
        }

        double[] distinct = [.. all.Distinct()];
        double n = total, statistic = 0;
        foreach (double[] sample in sorted)
        {
            int position = 0, joint = 0;
            double inner = 0;
            foreach (double value in distinct)
            {
                int mine = 0, tied = 0;
                while (position + mine < sample.Length && sample[position + mine] == value)
                {
                    mine++;
                }

                while (joint + tied < total && all[joint + tied] == value)
                {
                    tied++;
                }

                double below = joint + tied / 2.0, mineBelow = position + mine / 2.0;
                double denominator = below * (n - below) - n * tied / 4;
                if (denominator > 0)
                {
                    double gap = n * mineBelow - below * sample.Length;
                    inner += tied / n * gap * gap / denominator;
                }

                position += mine;
                joint += tied;
            }

            statistic += inner / sample.Length;
        }

        statistic *= (n - 1) / n;
        double standardised = (statistic - (k - 1)) / Math.Sqrt(Variance(sorted, n, k));
        return new TestResult(standardised, PValue(standardised, k - 1));
    }

    private static double Variance(double[][] samples, double n, int k)
    {
        double bigH = samples.Sum(s => 1.0 / s.Length), h = 0, g = 0, tail = 0;
        for (int i = (int)n - 1; i >= 1; i--)
        {
            // h = Σ 1/i; g = Σᵢ Σⱼ₍ⱼ>ᵢ₎ 1/((n − i)·j), summed with the running tail Σ 1/j.
            if (i < n - 1)
            {
                g += tail / (n - i);
            }

            h += 1.0 / i;
            tail += 1.0 / i;
        }

        double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * bigH;
        double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * bigH - 8 * h + 4 * g - 6;
        double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * bigH + 4 * h;
        double d = (2 * h + 6) * k * k - 4 * h * k;
        return (((a * n + b) * n + c) * n + d) / ((n - 1) * (n - 2) * (n - 3));
    }

    /// <summary>Least-squares parabola of ln(level) over the critical values, as Scholz and Stephens propose.</summary>
    private static double PValue(double statistic, double m)
    {
        double[] critical = new double[Levels.Length];
        for (int i = 0; i < critical.Length; i++)
        {
            critical[i] = B0[i] + B1[i] / Math.Sqrt(m) + B2[i] / m;
        }

        if (statistic < critical.Min() || statistic > critical.Max())
        {
            return statistic < critical.Min() ? Levels[0] : Levels[^1];
        }

        double[] fit = MathNet.Numerics.Fit.Polynomial(critical, [.. Levels.Select(l => Math.Log(l))], 2);
        return Math.Exp(fit[0] + statistic * (fit[1] + statistic * fit[2]));
    }
}
