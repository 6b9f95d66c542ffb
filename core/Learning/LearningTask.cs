using System.Text.Json.Serialization;
using Mlops.Core.Data;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Learning;

/// <summary>The kind of prediction.</summary>
public enum TaskKind
{
    /// <summary>Two classes.</summary>
    Binary,

    /// <summary>Three or more classes.</summary>
    MultiClass,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>How unusual a row is, learned without labels: a score in 0 … 1.</summary>
    Anomaly,
}

/// <summary>What is to be learned from a table.</summary>
/// <param name="Kind">The kind of prediction.</param>
/// <param name="Target">The column to predict; for anomalies the name under which the label is spoken of, which is no column that is learned from.</param>
/// <param name="Classes">The labels in ordinal order (for two classes the second is the positive one); empty for regression; ordinary and anomalous for anomalies.</param>
/// <param name="Features">The columns to predict from, in the order of the data; never the target.</param>
public sealed record LearningTask(TaskKind Kind, string Target, IReadOnlyList<string> Classes, IReadOnlyList<string> Features)
{
    /// <summary>The column that says how much each row counts, in training and in metrics; null: every row counts 1. Never a feature.</summary>
    public string? Weight { get; init; }

    /// <summary>Per class a factor on its rows' weights in training, not in metrics; classes that are not named have 1. Null for none.</summary>
    public IReadOnlyDictionary<string, double>? ClassWeights { get; init; }

    /// <summary>Per numeric feature the direction in which the prediction (two classes: the probability of the second) may move as it grows. Null for none.</summary>
    public IReadOnlyDictionary<string, Direction>? Monotone { get; init; }

    /// <summary>A numeric column that predictions start from: what is learned is the difference to it. Null for none. Regression only; it need not be a feature; where it is missing, it counts as 0.</summary>
    public string? Offset { get; init; }

    /// <summary>Regression: the quantile that is asked for, inside (0, 1), which candidates are then ranked, gated and reported by; 0.5 is the median. Null for the mean.</summary>
    public double? Quantile { get; init; }

    /// <summary>How a series became rows; null when rows are just rows.</summary>
    public ForecastPlan? Forecast { get; init; }

    /// <summary>Whether classes are predicted, with a probability each.</summary>
    [JsonIgnore]
    public bool Classifies => Kind is TaskKind.Binary or TaskKind.MultiClass;

    /// <summary>Scores per row: one probability per class, one prediction, or one anomaly score.</summary>
    [JsonIgnore]
    public int Width => Classifies ? Classes.Count : 1;

    /// <summary>How much the rows of a table count; null when every row counts 1.</summary>
    public Column? WeightsOf(DataTable rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return Weight is null ? null : rows[Weight];
    }
}
