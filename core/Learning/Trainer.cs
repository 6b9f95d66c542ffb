using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>Trains candidates: the features are fitted and the model is trained as one.</summary>
public static class Trainer
{
    /// <summary>Trains once per fold on the other folds' rows and measures on its own.</summary>
    /// <param name="train">The rows, target included; rows whose target is missing are left out.</param>
    /// <param name="task">What is to be learned.</param>
    /// <param name="spec">How.</param>
    /// <param name="foldOfRow">Per row its fold, 0 … folds − 1; a negative one leaves the row out.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="progress">Told the metrics of every fold, or null.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static CrossValidation CrossValidate(
        DataTable train,
        LearningTask task,
        CandidateSpec spec,
        ReadOnlySpan<int> foldOfRow,
        ulong seed,
        IProgress<MetricPoint>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Fits features and model on all rows whose target is known.</summary>
    /// <inheritdoc cref="CrossValidate" path="/param"/>
    public static FittedModel Fit(
        DataTable train,
        LearningTask task,
        CandidateSpec spec,
        ulong seed,
        IProgress<MetricPoint>? progress = null,
        CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
