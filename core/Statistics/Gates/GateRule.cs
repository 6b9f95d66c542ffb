using System.Globalization;
using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics.Gates;

/// <summary>Turns an interval of how much better a candidate is into one of three verdicts.</summary>
public static class GateRule
{
    /// <summary>Chance that the rows asked for will tell.</summary>
    private const double Power = 0.8;

    /// <summary>More rows than this are not realistic.</summary>
    private const double MostRows = 1e9;

    /// <summary>Rows below which nothing can be told at <paramref name="alpha"/>: being better on every one of fewer rows happens by chance, ½ⁿ, more often than that.</summary>
    public static int FewestRows(double alpha) => (int)Math.Ceiling(-Math.Log2(alpha));

    /// <summary>
    /// <b>Promote</b> when the lower end lies above −margin; <b>reject</b> when the upper end lies at or below it, or the margin is 0 and nothing differs; <b>inconclusive</b> otherwise, with the number of rows
    /// that would tell. A candidate that is in truth not better than −margin is promoted as often as the lower end lies too high, so with probability at most <paramref name="alpha"/>.
    /// </summary>
    /// <param name="difference">Candidate against champion, higher is better.</param>
    /// <param name="lower">Its lower end; NaN when it cannot be told.</param>
    /// <param name="upper">Its upper end.</param>
    /// <param name="rows">Rows it was computed from.</param>
    /// <param name="margin">How much worse is still good enough, ≥ 0; 0 asks for better.</param>
    /// <param name="alpha">How often each end may be wrong, inside (0, 0.5).</param>
    public static GateDecision Decide(double difference, double lower, double upper, long rows, double margin, double alpha)
    {
        if (!(double.IsFinite(lower) && double.IsFinite(upper)))
        {
            return new GateDecision(GateVerdict.Inconclusive, null, "too few rows, or too few of a class, to compare. Add hold-out rows.");
        }

        if (margin == 0 && lower == 0 && upper == 0)
        {
            return new GateDecision(GateVerdict.Reject, 0, "both do equally well on every resample, so there is nothing to gain.");
        }

        string interval = $"better by {Show(difference)}, interval {Show(lower)} … {Show(upper)} (each end wrong in at most {Show(alpha * 100)} % of cases)";
        string bar = margin > 0 ? $"−{Show(margin)} (the margin)" : "0";
        if (lower > -margin)
        {
            return new GateDecision(GateVerdict.Promote, 0, $"{interval}; all of it lies above {bar}.");
        }

        if (upper <= -margin)
        {
            return new GateDecision(GateVerdict.Reject, 0, $"{interval}; none of it lies above {bar}.");
        }

        // Normal approximation: the half-width is z standard errors, which shrink with the root of the rows.
        double z = -Normal.Quantile(alpha), error = (upper - lower) / 2 / z;
        double needed = Math.Ceiling(rows * Math.Pow((z + Normal.Quantile(Power)) * error / Math.Abs(difference + margin), 2)) - rows;
        long? more = needed < MostRows ? (long)Math.Max(1, needed) : null;
        return new GateDecision(GateVerdict.Inconclusive, more, $"{interval}; it contains {bar}. " + (more is { } n
            ? $"If the difference is real, it needs about {n.ToString("N0", CultureInfo.InvariantCulture)} more rows to tell."
            : "The two are so alike that no realistic number of rows would tell."));
    }

    private static string Show(double value) => value.ToString("0.#####", CultureInfo.InvariantCulture);
}
