using Mlops.Core.Features;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Turns directions of columns into directions of the features made of them.</summary>
internal static class MonotoneFeatures
{
    /// <summary>Per feature −1, 0 or +1; null when nothing is asked for.</summary>
    /// <remarks>Only the number itself is bound: the mark of a missing value says nothing about larger or smaller ones.</remarks>
    public static int[]? Of(LearningTask task, FeaturePipeline pipeline) => task.Monotone is not { Count: > 0 } monotone
        ? null
        : [.. pipeline.Encoders.SelectMany(encoder => encoder.Outputs.Select(_ => encoder is NumberEncoder && monotone.TryGetValue(encoder.Input, out Direction direction)
            ? direction == Direction.Increasing ? 1 : -1
            : 0))];
}
