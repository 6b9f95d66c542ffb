using Mlops.Core.Traffic;

namespace Mlops.Core.Registry;

/// <summary>All that the registry holds of one model: its versions, who serves, and the end of its ledger.</summary>
public sealed record ModelRecord
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>All versions, oldest first.</summary>
    public IReadOnlyList<ModelVersion> Versions { get; init; } = [];

    /// <summary>Who serves, or null before the first champion.</summary>
    public TrafficPolicy? Traffic { get; init; }

    /// <summary>The champion before the present one, for rollback.</summary>
    public int? PreviousChampion { get; init; }

    /// <summary>When the present champion became it.</summary>
    public DateTimeOffset? ChampionSince { get; init; }

    /// <summary>The configuration that was last applied, or null when none was.</summary>
    public AppliedConfiguration? Configuration { get; init; }

    /// <summary>The newest ledger entry, or null.</summary>
    public LedgerEntry? LedgerHead { get; init; }

    /// <summary>The version of that number, or null.</summary>
    public ModelVersion? Find(int number) => Versions.FirstOrDefault(version => version.Number == number);

    /// <summary>Aliases by name: <c>champion</c> and <c>challenger</c>.</summary>
    public IReadOnlyDictionary<string, int> Aliases
    {
        get
        {
            Dictionary<string, int> aliases = [];
            if (Traffic is not null)
            {
                aliases["champion"] = Traffic.Champion;
                if (Traffic.Challenger is { } challenger)
                {
                    aliases["challenger"] = challenger;
                }
            }

            return aliases;
        }
    }
}
