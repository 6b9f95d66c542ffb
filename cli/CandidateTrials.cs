using System.Diagnostics;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Cli;

/// <summary>Cross-validates candidates and searches for settings in memory, with the same rounds, folds and seed as the training pipeline: the same candidate wins.</summary>
internal sealed class CandidateTrials(DataTable train, LearningTask task, int[] foldOfRow, ModelConfiguration configuration, CancellationToken cancellationToken)
{
    private readonly TrainingOptions _options = configuration.Training;
    private readonly string _metric = configuration.Gates.MetricOf(task);
    private readonly Dictionary<(int Search, int Configuration), List<FoldResult>> _kept = [];

    /// <summary>The best candidate with its score; null when none can learn from these rows.</summary>
    public (CandidateSpec Candidate, CandidateScore Score)? Best(TrainingCandidates tried)
    {
        List<(CandidateSpec Candidate, CandidateScore Score)> measured = [];
        void Add(CandidateSpec candidate, CrossValidation? result)
        {
            if (result is not null)
            {
                measured.Add((candidate, new CandidateScore(measured.Count, candidate.Trainer, candidate.Trainer, _metric, result.Mean[_metric], result.StandardError[_metric])));
            }
        }

        foreach (CandidateSpec candidate in tried.Candidates)
        {
            Add(candidate, Measure(candidate, [], _options.Folds));
        }

        IReadOnlyList<CandidateSearch> ended = Search(tried.Searches);
        for (int s = 0; s < ended.Count; s++)
        {
            if (SearchEngine.Best(ended[s].State) is { Budget: 1 } found)
            {
                Add(ended[s].Candidate(found), CrossValidation.Of(task, _kept[(s, found.Configuration)]));
            }
        }

        return CandidateScore.Best(measured.Select(m => m.Score)) is { } best ? measured[best.Index] : null;
    }

    /// <summary>All searches to their end, or to the time limit.</summary>
    private IReadOnlyList<CandidateSearch> Search(IReadOnlyList<CandidateSearch> searches)
    {
        long started = Stopwatch.GetTimestamp();
        SearchRound round = new(searches, []);
        TrialScore[] told = [];
        do
        {
            round = round.Next(told, Stopwatch.GetElapsedTime(started) < _options.TimeLimit ? _options.Search.Parallel : 0);
            SearchRound asked = round;
            told = [.. asked.Asked.Select(key => new TrialScore(key, Measure(asked, key)))];
        }
        while (told.Length > 0);
        return round.Searches;
    }

    private double? Measure(SearchRound round, TrialKey key)
    {
        Trial trial = round[key];
        if (!_kept.TryGetValue((key.Search, trial.Configuration), out List<FoldResult>? folds))
        {
            _kept.Add((key.Search, trial.Configuration), folds = []);
        }

        return Measure(round.Searches[key.Search].Candidate(trial), folds, CandidateSearch.Folds(trial, _options.Folds))?.Mean[_metric];
    }

    /// <summary>Measures on so many folds, the first that measure anything, less those that are measured already; null when the candidate cannot learn from these rows.</summary>
    private CrossValidation? Measure(CandidateSpec candidate, List<FoldResult> results, int folds)
    {
        try
        {
            for (int fold = results.Count == 0 ? 0 : results[^1].Fold + 1; fold < _options.Folds && results.Count < folds; fold++)
            {
                if (Trainer.MeasureFold(train, task, candidate, foldOfRow, fold, (ulong)_options.Seed, null, cancellationToken, Environment.ProcessorCount) is { } result)
                {
                    results.Add(result);
                }
            }

            return CrossValidation.Of(task, results);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
