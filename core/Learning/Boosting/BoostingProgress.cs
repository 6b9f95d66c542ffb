namespace Mlops.Core.Learning.Boosting;

/// <summary>Where boosting stands after an iteration.</summary>
/// <param name="Iteration">Iterations done, 1-based.</param>
/// <param name="Iterations">Iterations at most.</param>
/// <param name="TrainingLoss">Mean weighted loss on the training rows; null unless <see cref="BoostingOptions.TrackTrainingLoss"/>.</param>
/// <param name="ValidationLoss">Mean weighted loss on the validation rows; null without a validation set.</param>
public sealed record BoostingProgress(int Iteration, int Iterations, double? TrainingLoss, double? ValidationLoss);
