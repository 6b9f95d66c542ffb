using Mlops.Core.Statistics.Distributions;

namespace Mlops.Calibration;

/// <summary>One simulated world and what came of it.</summary>
/// <param name="Group">The part of the statistics core.</param>
/// <param name="Name">Test and world.</param>
/// <param name="Promised">The promised rate: an upper bound, or the level of an interval's misses.</param>
/// <param name="Runs">Independent repetitions.</param>
/// <param name="Alarms">Repetitions with an alarm.</param>
/// <param name="IsPower">Whether something had changed: then the rate is power and nothing is promised.</param>
public sealed record Measured(string Group, string Name, double Promised, int Runs, int Alarms, bool IsPower = false)
{
    /// <summary>Alarms per run.</summary>
    public double Rate => (double)Alarms / Runs;

    /// <summary>Whether so many alarms are likely (more than 1 in 10,000) when the promise holds.</summary>
    public bool Holds => IsPower || Binomial.AtLeast(Alarms, Runs, Promised) > 1e-4;
}

/// <summary>Seeded repetition: the same alarms for any number of threads.</summary>
public static class Simulation
{
    /// <summary>Counts the repetitions in which <paramref name="alarm"/> is true.</summary>
    public static Measured Run(string group, string name, double promised, int runs, Func<Random, bool> alarm, bool isPower = false)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        int alarms = 0;
        int seed = Seed(group + name);
        Parallel.For(0, runs, run =>
        {
            if (alarm(new Random(unchecked(seed + run * 7919))))
            {
                Interlocked.Increment(ref alarms);
            }
        });
        return new Measured(group, name, promised, runs, alarms, isPower);
    }

    private static int Seed(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }

        return unchecked((int)hash);
    }
}
