using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Configuration;

/// <summary>What a training tries.</summary>
/// <param name="Candidates">The candidates: those of model.yaml, or those that suit the task; the baseline (of forecasts the naive forecast) is always among them.</param>
/// <param name="Searches">The searches for settings, before they begin; none when nothing is searched.</param>
public sealed record TrainingCandidates(IReadOnlyList<CandidateSpec> Candidates, IReadOnlyList<CandidateSearch> Searches)
{
    /// <summary>What is tried for a task.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="task">What is learned.</param>
    /// <param name="rows">Rows that can be learned from, ≥ 1.</param>
    public static TrainingCandidates Of(ModelConfiguration configuration, LearningTask task, int rows)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(task);
        TrainingOptions training = configuration.Training;
        int learned = (int)Math.Min(int.MaxValue, (long)rows * (task.Forecast?.Horizon ?? 1));
        IReadOnlyList<CandidateSpec> Propose(int maximum) => Learning.Candidates.Propose(task, learned, task.Features.Count, maximum, (ulong)training.Seed);
        CandidateSpec[] named = [.. training.Candidates.Take(training.MaxCandidates)];
        IReadOnlyList<CandidateSpec> candidates = named.Length == 0 && training.Spaces.Count == 0
            ? Propose(training.MaxCandidates)
            : [.. named, .. Propose(1).Where(baseline => !named.Any(candidate => candidate.Trainer == baseline.Trainer))];
        if (training.Search.Method == SearchMethod.None)
        {
            return new TrainingCandidates(candidates, []);
        }

        SearchOptions options = training.Search.ToOptions(configuration.Gates.MetricOf(task), (ulong)training.Seed);
        IReadOnlyList<CandidateSpace> spaces = training.Spaces.Count > 0 ? training.Spaces : [CandidateSpace.Default(task, learned)];
        return new TrainingCandidates(candidates, [.. spaces.Select(space => new CandidateSearch(space.Fixed, SearchEngine.Start(space.Space, options)))]);
    }

    /// <summary>What is wrong with them for the task, one sentence each; empty when all can be trained.</summary>
    public IReadOnlyList<string> Check(LearningTask task) =>
        [.. Candidates.Concat(Searches.Select(search => search.Fixed)).SelectMany(candidate => Learning.Candidates.Check(candidate, task)).Distinct()];
}
