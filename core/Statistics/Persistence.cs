using Mlops.Core.Statistics.Distributions;

namespace Mlops.Core.Statistics;

/// <summary>An alarm only when k of the last m windows show drift: slow, lasting changes are found with a larger α per window at the same rate of false alarms.</summary>
public static class Persistence
{
    /// <summary>The α per window at which at least <paramref name="required"/> of <paramref name="of"/> independent windows show drift with probability
    /// <paramref name="alarmChance"/>, by bisection. Windows on one reference are not quite independent; with a reference much larger than a window they nearly are.</summary>
    public static double WindowAlpha(double alarmChance, int required, int of)
    {
        if (!(alarmChance > 0 && alarmChance < 1) || required < 1 || of < required)
        {
            return double.NaN;
        }

        double low = 0, high = 1;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Binomial.AtLeast(required, of, middle) > alarmChance ? (low, middle) : (middle, high);
        }

        return required == 1 && of == 1 ? alarmChance : low;
    }

    /// <summary>Whether the newest windows (the last element is the current one) are an alarm. Fewer than <paramref name="of"/> windows are judged as they are.</summary>
    public static bool IsAlarm(IReadOnlyList<bool> drifted, int required, int of)
    {
        ArgumentNullException.ThrowIfNull(drifted);
        return drifted.Count > 0 && drifted[^1] && drifted.Skip(Math.Max(0, drifted.Count - of)).Count(d => d) >= required;
    }
}
