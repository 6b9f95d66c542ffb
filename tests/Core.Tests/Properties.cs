using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace Mlops.Core.Tests;

/// <summary>
/// How properties are checked. The cases are the same on every run, so that a red build is about the change and not about luck;
/// with MLOPS_PROPERTY_FACTOR=100 they are new ones, a hundred times as many (the weekly workflow does this).
/// </summary>
internal static class Properties
{
    // Any number and any odd one: they pick the cases, nothing else.
    private const ulong Seed = 20_260_731;
    private const ulong Gamma = 9_007_199_254_740_881;

    private static readonly int s_factor = int.Parse(Environment.GetEnvironmentVariable("MLOPS_PROPERTY_FACTOR") ?? "1", CultureInfo.InvariantCulture);

    /// <summary>Fails with the smallest case found for which the property does not hold.</summary>
    /// <param name="property">What must hold.</param>
    /// <param name="cases">Cases of an ordinary run.</param>
    public static void MustHold(this Property property, int cases = 100)
    {
        Config config = Config.QuickThrowOnFailure.WithMaxTest(cases * s_factor);
        Check.One(s_factor == 1 ? config.WithReplay(Seed, Gamma) : config, property);
    }
}
