using Mlops.Core.Data;

namespace Mlops.Core.Configuration;

/// <summary>All settings of one model, from <c>model.yaml</c> or by convention. Keys in the file are these property names in camel case; <c>docs/configuration.md</c> lists them.</summary>
public sealed record ModelConfiguration
{
    /// <summary>Bytes of a <c>model.yaml</c> at most: 64 KiB.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>What holds without a <c>model.yaml</c>.</summary>
    public static ModelConfiguration Default { get; } = new();

    /// <summary>The column to predict; null means the column named target, label or y, else the last. Default null.</summary>
    public string? Target { get; init; }

    /// <summary>The kind of prediction. Default <see cref="TaskChoice.Auto"/>.</summary>
    public TaskChoice Task { get; init; } = TaskChoice.Auto;

    /// <summary>Columns that are neither checked nor learned from. Default none.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>The kind of a column where inference would choose another. Default none.</summary>
    public IReadOnlyDictionary<string, ColumnKind> Types { get; init; } = new Dictionary<string, ColumnKind>();

    /// <summary>What a forecast looks at and how far it reaches; only for <see cref="TaskChoice.Forecast"/>.</summary>
    public ForecastOptions Forecast { get; init; } = new();

    /// <summary>How candidates are trained.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>Tolerances of the data contract.</summary>
    public ValidationOptions Validation { get; init; } = new();

    /// <summary>When a candidate may replace the champion.</summary>
    public GateOptions Gates { get; init; } = new();

    /// <summary>How the label of two classes is chosen.</summary>
    public DecisionOptions Decision { get; init; } = new();

    /// <summary>How traffic moves to a new version.</summary>
    public RolloutOptions Rollout { get; init; } = new();

    /// <summary>How drift is watched.</summary>
    public MonitoringOptions Monitoring { get; init; } = new();

    /// <summary>When a model is trained again by itself.</summary>
    public RetrainingOptions Retraining { get; init; } = new();

    /// <summary>Who is told when something happens to the model.</summary>
    public NotificationOptions Notifications { get; init; } = new();

    /// <summary>The first 20 hexadecimal digits of SHA-256 over all settings, defaults included, in canonical form: equal settings, equal hash, however the file is written.</summary>
    public string Hash => ModelYaml.Hash(this);

    /// <summary>Reads a <c>model.yaml</c>. An empty text is the default configuration.</summary>
    /// <param name="yaml">The text from outside, at most <see cref="MaxBytes"/> in UTF-8.</param>
    /// <returns>The configuration, or all errors with line, key, found and expected.</returns>
    public static ConfigurationResult Parse(string yaml) => ModelYaml.Parse(yaml);
}
