using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>What boosting gives back.</summary>
/// <param name="Model">The trees, cut at the best iteration when training stopped early.</param>
/// <param name="BestIteration">Iterations in the model.</param>
/// <param name="History">Losses after every iteration that ran.</param>
public sealed record BoostingResult(TreeEnsemble Model, int BestIteration, IReadOnlyList<BoostingProgress> History);
