namespace Mlops.Core.Configuration;

/// <summary>What differs between two configurations, and what that means for a model.</summary>
public sealed record ConfigurationDifference
{
    private const string Retraining = "the next training learns by it";

    // What a section acts on. A section that is not here would be a setting without a stated effect: a test goes through all keys.
    private static readonly Dictionary<string, string> _effects = new(StringComparer.Ordinal)
    {
        ["target"] = "the next training learns another column; batches without it are blocked from now on",
        ["task"] = "the next training solves another task; metrics of earlier versions are not comparable",
        ["ignore"] = "batches are checked, and the next training learns, without these columns",
        ["types"] = "batches are read by it from now on, and the next training sees other columns",
        ["forecast"] = "the next training makes other rows of the series; forecasts reach as far as it says from then on",
        ["training"] = Retraining,
        ["validation"] = "batches are checked by it from now on",
        ["gates"] = "the next promotion is decided by it",
        ["decision"] = "the next training chooses labels by it",
        ["rollout"] = "rollouts go by it from their next look on, a running one too",
        ["monitoring"] = "the next drift check goes by it",
        ["retraining"] = "the next request for retraining is decided by it",
        ["notifications"] = "what happens from now on is told there",
    };

    private ConfigurationDifference(IReadOnlyList<ConfigurationChange> changes) => Changes = changes;

    /// <summary>The settings that differ, in the order of the documentation.</summary>
    public IReadOnlyList<ConfigurationChange> Changes { get; }

    /// <summary>Whether the next training gives another model than it would have.</summary>
    public bool ChangesTraining => Touches("target", "task", "ignore", "types", "forecast", "training", "decision");

    /// <summary>Whether batches are judged differently.</summary>
    public bool ChangesChecks => Touches("target", "task", "ignore", "types", "validation", "training.data");

    /// <summary>Whether promotions are decided differently.</summary>
    public bool ChangesPromotions => Touches("gates");

    /// <summary>Compares two configurations setting by setting; defaults count as their values.</summary>
    /// <param name="before">The configuration in force.</param>
    /// <param name="after">The proposed one.</param>
    /// <param name="splitIsSet">Whether the model has a split already: it stays what its first plan made it.</param>
    public static ConfigurationDifference Between(ModelConfiguration before, ModelConfiguration after, bool splitIsSet)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new ConfigurationDifference(
        [
            .. from setting in Settings.All
               let values = (Before: setting.Show(before), After: setting.Show(after))
               where values.Before != values.After
               select new ConfigurationChange(setting.Key, values.Before, values.After, EffectOf(setting.Key, splitIsSet)),
        ]);
    }

    /// <summary>What a change of a setting does.</summary>
    internal static string EffectOf(string key, bool splitIsSet) => key switch
    {
        "training.holdout" when splitIsSet => "no effect: the split was fixed by the model's first plan, so that no row moves between training and hold-out",
        "training.holdout" => "the first plan splits the rows by it, once for good",
        "training.seed" when splitIsSet => "the next training draws by it; the split stays as the model's first plan made it",
        "training.seed" => "the first plan splits the rows by it, once for good; every training draws by it",
        _ => _effects[Section(key)],
    };

    private static string Section(string key) => key.Split('.')[0];

    private bool Touches(params ReadOnlySpan<string> names)
    {
        foreach (ConfigurationChange change in Changes)
        {
            if (names.Contains(change.Key) || names.Contains(Section(change.Key)))
            {
                return true;
            }
        }

        return false;
    }
}
