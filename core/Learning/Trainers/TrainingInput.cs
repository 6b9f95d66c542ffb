namespace Mlops.Core.Learning.Trainers;

/// <summary>What a trainer learns from.</summary>
/// <param name="Task">What is to be learned.</param>
/// <param name="Set">Features, answers (class indices, or numbers) and weights.</param>
/// <param name="Settings">The candidate's settings.</param>
/// <param name="Monotone">Per feature −1 (the prediction never rises with it), 0 or +1 (never falls); null for none.</param>
/// <param name="Seed">Seed of everything random.</param>
/// <param name="Threads">Threads at most; the model does not depend on it.</param>
/// <param name="Progress">Told the losses, or null.</param>
/// <param name="Checkpoints">Where to go on from, and where to keep what is done; or null.</param>
internal sealed record TrainingInput(LearningTask Task, TrainingSet Set, TrainerSettings Settings, int[]? Monotone, ulong Seed, int Threads, IProgress<MetricPoint>? Progress, TrainingCheckpoints? Checkpoints);
