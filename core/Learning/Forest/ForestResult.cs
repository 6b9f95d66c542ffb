using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Forest;

/// <summary>What forest training gives back.</summary>
/// <param name="Model">The trees.</param>
/// <param name="OutOfBag">Per training row the prediction of the trees that did not see it, NaN where all did; null unless asked for.</param>
/// <param name="OutOfBagScore">Accuracy (classification) or R² (regression) of <paramref name="OutOfBag"/> over the rows that have one; null unless asked for.</param>
public sealed record ForestResult(TreeEnsemble Model, Predictions? OutOfBag, double? OutOfBagScore);
