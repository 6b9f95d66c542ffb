using System.Globalization;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Functions.Training;

/// <summary>What the searches of a pipeline found, for the run of the search and the page of the model.</summary>
/// <param name="Run">The run of the search; its trials are its children.</param>
/// <param name="Metric">The metric that was searched for.</param>
/// <param name="Searches">One entry per search.</param>
public sealed record SearchReport(string Run, string Metric, IReadOnlyList<SearchReport.Entry> Searches)
{
    /// <summary>The report's artifact.</summary>
    public static string Artifact(string model, string pipeline) => $"{model}/{pipeline}/search/report.json";

    /// <summary>The artifact of a round of trials: each is made from the one before and what it measured.</summary>
    public static string RoundArtifact(string model, string pipeline, int round) => string.Create(CultureInfo.InvariantCulture, $"{model}/{pipeline}/search/{round:D4}.json");

    /// <summary>The report on searches that are over.</summary>
    public static SearchReport Of(string run, string metric, IReadOnlyList<CandidateSearch> searches, CancellationToken cancellationToken) =>
        new(run, metric, [.. searches.Select(search => Of(search, cancellationToken))]);

    private static Entry Of(CandidateSearch search, CancellationToken cancellationToken)
    {
        IReadOnlyList<Trial> trials = search.State.Trials;
        Trial? best = SearchEngine.Best(search.State);
        return new Entry(
            search.Fixed.Trainer,
            trials.Select(trial => trial.Configuration).Distinct().Count(),
            trials.Count(trial => trial is { State: TrialState.Done, Budget: 1 }),
            best is null ? null : search.Candidate(best),
            best?.Value,
            ParameterImportance.Of(search.State, cancellationToken));
    }

    /// <summary>One search.</summary>
    /// <param name="Trainer">The trainer.</param>
    /// <param name="Tried">Settings that were tried.</param>
    /// <param name="Whole">Of these, measured on all folds.</param>
    /// <param name="Best">The best that was found, of those with the most folds.</param>
    /// <param name="Value">Its metric.</param>
    /// <param name="Importance">Which settings mattered, most first; empty with fewer than ten trials on the same folds.</param>
    public sealed record Entry(string Trainer, int Tried, int Whole, CandidateSpec? Best, double? Value, IReadOnlyList<FeatureImportance> Importance);
}
