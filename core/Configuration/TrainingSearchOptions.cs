using Mlops.Core.Evaluation;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Configuration;

/// <summary>How settings of candidates are searched for.</summary>
public sealed record TrainingSearchOptions
{
    /// <summary>Where new settings come from. Default <see cref="SearchMethod.None"/>: no search.</summary>
    public SearchMethod Method { get; init; } = SearchMethod.None;

    /// <summary>How much effort a trial gets. Default <see cref="SearchSchedule.SuccessiveHalving"/>.</summary>
    public SearchSchedule Schedule { get; init; } = SearchSchedule.SuccessiveHalving;

    /// <summary>Settings tried at most for each candidate with ranges, 1 … 100. Default 20.</summary>
    public int Trials { get; init; } = 20;

    /// <summary>Trials measured at a time, 1 … 16. Default 4. What is tried next depends on all trials of the round before, never on which was done first.</summary>
    public int Parallel { get; init; } = 4;

    /// <summary>Rungs of a halving, 1 … 6: a trial starts with <see cref="Reduction"/> to the power of 1 − rungs of the folds. Default 3.</summary>
    public int Rungs { get; init; } = 3;

    /// <summary>One trial in this many goes on to the next rung, 2 … 10. Default 3.</summary>
    public int Reduction { get; init; } = 3;

    /// <summary>The search's own options.</summary>
    /// <param name="metric">The metric that is searched for.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <exception cref="InvalidOperationException">There is nothing to search: the method is <see cref="SearchMethod.None"/>.</exception>
    public SearchOptions ToOptions(string metric, ulong seed) => new()
    {
        Sampler = Method switch
        {
            SearchMethod.Random => SearchSampler.Random,
            SearchMethod.Tpe => SearchSampler.Tpe,
            _ => throw new InvalidOperationException("training.search.method is none; expected random or tpe."),
        },
        Schedule = Schedule,
        MaxTrials = Trials,
        MinBudget = Math.Pow(Reduction, 1 - Rungs),
        Reduction = Reduction,
        HigherIsBetter = Metrics.HigherIsBetter(metric),
        Seed = seed,
    };
}
