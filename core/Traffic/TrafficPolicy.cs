namespace Mlops.Core.Traffic;

/// <summary>What the challenger's share of traffic is for.</summary>
public enum TrafficMode
{
    /// <summary>The champion answers everything.</summary>
    Champion,

    /// <summary>The challenger answers its share of keys: a canary or an experiment.</summary>
    Split,

    /// <summary>The champion answers everything; the challenger is also run on its share and only logged.</summary>
    Shadow,
}

/// <summary>Which version of a model answers which key. Immutable; a change is a new policy with the next <see cref="Revision"/>.</summary>
public sealed record TrafficPolicy
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>The version that answers by default.</summary>
    public required int Champion { get; init; }

    /// <summary>The version on trial, or null.</summary>
    public int? Challenger { get; init; }

    /// <summary>Share of keys that the challenger gets, 0 … 100.</summary>
    public double ChallengerPercent { get; init; }

    /// <summary>Makes the split independent of other experiments on the same keys. Keep it while one challenger grows: those who had it keep it.</summary>
    public string Salt { get; init; } = "";

    /// <summary>What the share is for.</summary>
    public TrafficMode Mode { get; init; } = TrafficMode.Champion;

    /// <summary>Counts changes.</summary>
    public long Revision { get; init; }

    /// <summary>All that is wrong with the policy; empty when it is valid.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        if (!(ChallengerPercent >= 0 && ChallengerPercent <= 100))
        {
            problems.Add(FormattableString.Invariant($"challengerPercent is {ChallengerPercent}; expected 0 … 100."));
        }

        if (Mode != TrafficMode.Champion && Challenger is null)
        {
            problems.Add($"mode is {Mode} but there is no challenger; name one or use {TrafficMode.Champion}.");
        }

        if (Challenger == Champion)
        {
            problems.Add($"challenger and champion are both version {Champion}; they must differ.");
        }

        return problems;
    }
}
