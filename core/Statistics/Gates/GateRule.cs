using System.Globalization;

namespace Mlops.Core.Statistics.Gates;

/// <summary>Turns an interval of the difference candidate − champion into one of three verdicts.</summary>
public static class GateRule
{
    /// <summary>Promote when the whole interval lies above the margin, reject when it lies below, otherwise inconclusive. With a two-sided 1 − α interval, a candidate no better than
    /// the margin is promoted with probability at most α/2.</summary>
    /// <param name="difference">Point estimate, higher is better.</param>
    /// <param name="lower">Lower end of its interval.</param>
    /// <param name="upper">Upper end.</param>
    /// <param name="rows">Rows it was computed from.</param>
    /// <param name="margin">Least improvement; negative tolerates a loss (non-inferiority). The default is 0.</param>
    public static GateDecision Decide(double difference, double lower, double upper, long rows, double margin = 0)
    {
        string interval = string.Create(CultureInfo.InvariantCulture, $"The candidate is better by {difference:0.####} ({lower:0.####} … {upper:0.####}), {margin:0.####} asked");
        if (!(double.IsFinite(lower) && double.IsFinite(upper)))
        {
            return new GateDecision(GateVerdict.Inconclusive, difference, lower, upper, null, $"The difference has no interval on {rows} rows; more are needed.");
        }

        if (lower > margin)
        {
            return new GateDecision(GateVerdict.Promote, difference, lower, upper, 0, $"{interval}: better beyond chance.");
        }

        if (upper < margin || (lower == upper && upper == margin))
        {
            return new GateDecision(GateVerdict.Reject, difference, lower, upper, 0, $"{interval}: not better beyond chance.");
        }

        // Half-widths shrink with the root of the rows.
        double distance = Math.Abs(difference - margin), half = difference > margin ? difference - lower : upper - difference;
        double needed = distance == 0 ? double.PositiveInfinity : rows * (half / distance * (half / distance));
        long? more = needed < 1e15 ? Math.Max(1, (long)Math.Ceiling(needed) - rows) : null;
        return new GateDecision(GateVerdict.Inconclusive, difference, lower, upper, more, more is { } n
            ? $"{interval}: undecided; needs about {n.ToString(CultureInfo.InvariantCulture)} more rows." : $"{interval}: undecided, and no number of rows would decide a difference that equals the margin.");
    }
}
