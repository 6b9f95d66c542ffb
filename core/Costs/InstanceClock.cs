namespace Mlops.Core.Costs;

/// <summary>
/// Seconds of one instance, shared out among the executions that run on it at the same time. On Flex Consumption an instance is billed while it
/// executes anything, at least a second at a time and then in tenths of a second
/// (<see href="https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#billing"/>): the shares add up to exactly that.
/// </summary>
/// <remarks>While n executions run, each takes 1/n of the time. The integral of 1/n is kept, so that an execution costs two subtractions however many run.
/// Not for several threads at once.</remarks>
public sealed class InstanceClock
{
    private const double LeastSeconds = 1;
    private const double Step = 0.1;

    private int _running;
    private TimeSpan _last;
    private TimeSpan _began;
    private double _share;

    /// <summary>An execution begins. Returns what <see cref="Leave"/> takes.</summary>
    /// <param name="now">Time since any fixed point; never decreasing.</param>
    public double Enter(TimeSpan now)
    {
        Advance(now);
        if (_running++ == 0)
        {
            _began = now;
        }

        return _share;
    }

    /// <summary>An execution ends. Returns its seconds; the last to leave carries what the period is rounded up by.</summary>
    /// <param name="entered">What <see cref="Enter"/> returned.</param>
    /// <param name="now">Time since the same point.</param>
    /// <exception cref="InvalidOperationException">Nothing runs.</exception>
    public double Leave(double entered, TimeSpan now)
    {
        if (_running == 0)
        {
            throw new InvalidOperationException("An execution left that had not entered.");
        }

        Advance(now);
        double seconds = _share - entered;
        if (--_running == 0)
        {
            double period = (now - _began).TotalSeconds;
            seconds += Billed(period) - period;
        }

        return seconds;
    }

    /// <summary>What a period of activity is billed as, in seconds.</summary>
    public static double Billed(double seconds) => Math.Max(LeastSeconds, Math.Ceiling(Math.Round(seconds / Step, 6)) * Step);

    private void Advance(TimeSpan now)
    {
        if (_running > 0)
        {
            _share += (now - _last).TotalSeconds / _running;
        }

        _last = now;
    }
}
