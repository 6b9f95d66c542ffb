namespace Mlops.Core.Learning.Boosting;

/// <summary>Gradient-boosted trees on histograms, grown leaf by leaf.</summary>
public static class BoostingTrainer
{
    /// <summary>Trains.</summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="validation">Rows with the same columns that decide early stopping, or null.</param>
    /// <param name="progress">Told after every iteration, on the calling thread, or null.</param>
    /// <param name="cancellationToken">Stops between two steps of a tree.</param>
    public static BoostingResult Fit(
        TrainingSet train,
        BoostingOptions options,
        TrainingSet? validation = null,
        IProgress<BoostingProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
