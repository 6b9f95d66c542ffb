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
}

/// <summary>What is to be learned from a table.</summary>
/// <param name="Kind">The kind of prediction.</param>
/// <param name="Target">The column to predict.</param>
/// <param name="Classes">The labels in ordinal order (for two classes the second is the positive one); empty for regression.</param>
/// <param name="Features">The columns to predict from, in the order of the data; never the target.</param>
public sealed record LearningTask(TaskKind Kind, string Target, IReadOnlyList<string> Classes, IReadOnlyList<string> Features)
{
    /// <summary>Scores per row: one probability per class, or one prediction.</summary>
    public int Width => Kind == TaskKind.Regression ? 1 : Classes.Count;
}
