using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.Experiments;

/// <summary>How a group-sequential design spends its error rate over the looks.</summary>
public enum SpendingFunction
{
    /// <summary>Little early, nearly all at the end: 2·(2 − 2Φ(z_{α/4}/√t)), each side spending half.</summary>
    OBrienFleming,

    /// <summary>About evenly: α·ln(1 + (e − 1)·t).</summary>
    Pocock,
}

/// <summary>Boundaries for a planned number of looks: more power than always-valid tests when looks are few.</summary>
/// <remarks>Lan and DeMets (1983): at information t the two-sided error spent is at most α(t). The density of the not yet stopped statistic is carried from look to look by numerical integration
/// (Armitage, McPherson, Rowe 1969) on a grid of ±8 deviations, finer where the next look follows closely. O(looks · grid²).</remarks>
public static class GroupSequential
{
    private const int SmallestGrid = 801;
    private const int LargestGrid = 20_001;

    /// <summary>The |z| to reach at each look, in order.</summary>
    /// <param name="information">Share of the planned rows at each look, ascending in (0, 1].</param>
    /// <param name="alpha">Two-sided error rate of the whole.</param>
    /// <param name="spending">How it is spent.</param>
    public static IReadOnlyList<double> Boundaries(IReadOnlyList<double> information, double alpha = 0.05, SpendingFunction spending = SpendingFunction.OBrienFleming)
    {
        ArgumentNullException.ThrowIfNull(information);
        double[] boundaries = new double[information.Count];
        double previous = 0, spent = 0;
        double[] points = [], density = [];
        for (int look = 0; look < boundaries.Length; look++)
        {
            double t = information[look];
            if (!(t > previous && t <= 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"information[{look}] is {t}; expected ascending shares in (0, 1]."), nameof(information));
            }

            double target = Spent(t, alpha, spending) - spent, step = Math.Sqrt(t - previous);

            // Brownian motion B(t); z = B/√t. The crossing probability of |B| ≥ b from the density that survived so far.
            double low = 0, high = 10 * Math.Sqrt(t);
            for (int i = 0; i < 100; i++)
            {
                double middle = (low + high) / 2;
                (low, high) = Crossing(points, density, middle, step) > target ? (middle, high) : (low, middle);
            }

            boundaries[look] = high / Math.Sqrt(t);
            if (look + 1 < boundaries.Length)
            {
                (points, density) = Advance(points, density, Math.Min(high, 8 * Math.Sqrt(t)), step, Math.Sqrt(Math.Max(0, information[look + 1] - t)));
            }

            spent += target;
            previous = t;
        }

        return boundaries;
    }

    private static double Spent(double t, double alpha, SpendingFunction spending) => spending == SpendingFunction.OBrienFleming
        ? 4 * Normal.Sf(-Normal.Quantile(alpha / 4) / Math.Sqrt(t))
        : alpha * Math.Log(1 + (Math.E - 1) * t);

    private static double Crossing(double[] points, double[] density, double bound, double step)
    {
        if (points.Length == 0)
        {
            return 2 * Normal.Sf(bound / step);
        }

        double sum = 0;
        for (int i = 0; i < points.Length; i++)
        {
            sum += density[i] * (Normal.Sf((bound - points[i]) / step) + Normal.Sf((bound + points[i]) / step));
        }

        return sum;
    }

    /// <summary>Simpson-weighted density of the paths that stayed within ±<paramref name="reach"/>, on points no further apart than half a deviation of the next step.</summary>
    private static (double[] Points, double[] Density) Advance(double[] points, double[] density, double reach, double step, double nextStep)
    {
        int grid = (int)Math.Clamp(4 * reach / nextStep, SmallestGrid, LargestGrid) | 1;
        double[] next = new double[grid], values = new double[grid];
        double width = 2 * reach / (grid - 1);
        for (int i = 0; i < grid; i++)
        {
            next[i] = -reach + i * width;
            double value = 0;
            if (points.Length == 0)
            {
                value = Normal.Density(next[i] / step) / step;
            }
            else
            {
                for (int j = 0; j < points.Length; j++)
                {
                    value += density[j] * Normal.Density((next[i] - points[j]) / step) / step;
                }
            }

            values[i] = value * width / 3 * (i == 0 || i == grid - 1 ? 1 : i % 2 == 1 ? 4 : 2);
        }

        return (next, values);
    }
}
