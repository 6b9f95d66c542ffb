namespace Mlops.Core.Learning.Boosting;

/// <summary>What goes on around a training: who watches it, where it starts and who keeps its checkpoints.</summary>
public sealed record BoostingSession
{
    /// <summary>Rows with the same columns that decide early stopping, or null.</summary>
    public TrainingSet? Validation { get; init; }

    /// <summary>Told after every iteration, those before the checkpoint included, or null.</summary>
    public IProgress<BoostingProgress>? Progress { get; init; }

    /// <summary>Told how long each step takes, or null.</summary>
    public PhaseTimer? Timer { get; init; }

    /// <summary>Where to go on from, given the fingerprint of options and data; it, or what it answers, may be null for the beginning. The rest of the training
    /// gives the same bits as one that never stopped.</summary>
    public Func<string, BoostingCheckpoint?>? Resume { get; init; }

    /// <summary>Given a checkpoint every <see cref="CheckpointEvery"/> iterations and after the last, on the calling thread; null for none.</summary>
    public Action<BoostingCheckpoint>? Checkpoint { get; init; }

    /// <summary>Iterations between checkpoints, ≥ 1. Default 10.</summary>
    public int CheckpointEvery { get; init; } = 10;
}
