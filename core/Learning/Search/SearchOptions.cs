namespace Mlops.Core.Learning.Search;

/// <summary>How to search.</summary>
public sealed record SearchOptions
{
    /// <summary>Where new settings come from. Default TPE.</summary>
    public SearchSampler Sampler { get; init; } = SearchSampler.Tpe;

    /// <summary>How much effort a trial gets. Default the whole budget.</summary>
    public SearchSchedule Schedule { get; init; }

    /// <summary>Settings to try at most, 1 … 10,000. Default 30. Hyperband stops there too, or when its brackets are done.</summary>
    public int MaxTrials { get; init; } = 30;

    /// <summary>The smallest share of the budget that a trial gets, inside (0, 1]. Default 1/9.</summary>
    public double MinBudget { get; init; } = 1.0 / 9;

    /// <summary>η: one in η goes on, with η times the budget, 2 … 10. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>Finished trials before TPE starts to learn from them, ≥ 1. Default 10.</summary>
    public int StartupTrials { get; init; } = 10;

    /// <summary>Whether more is better. Default false: the value is a loss.</summary>
    public bool HigherIsBetter { get; init; }

    /// <summary>Seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>What is wrong with the options, one sentence each.</summary>
    internal IEnumerable<string> Check()
    {
        if (MaxTrials is < 1 or > 10_000)
        {
            yield return $"Search option 'maxTrials': found {MaxTrials}, expected 1 … 10,000.";
        }

        if (!(MinBudget > 0 && MinBudget <= 1))
        {
            yield return FormattableString.Invariant($"Search option 'minBudget': found {MinBudget}, expected a number inside (0, 1].");
        }

        if (Reduction is < 2 or > 10)
        {
            yield return $"Search option 'reduction': found {Reduction}, expected 2 … 10.";
        }

        if (StartupTrials < 1)
        {
            yield return $"Search option 'startupTrials': found {StartupTrials}, expected at least 1.";
        }
    }
}
