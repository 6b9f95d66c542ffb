using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Tests.Configuration;

public class TrainingCandidatesTests
{
    private static readonly DataTable Rows = new(
    [
        new NumericColumn("day", [.. Enumerable.Range(0, 200).Select(i => i * 86_400.0)], ColumnKind.Timestamp),
        new NumericColumn("x", [.. Enumerable.Range(0, 200).Select(i => (i * 7 % 31) / 2.0)]),
        new NumericColumn("y", [.. Enumerable.Range(0, 200).Select(i => (i * 7 % 31) + (i / 100.0))]),
    ]);

    // A search without ranges once proposed boosting for anomalies too, which blocked the plan.
    [Theory]
    [InlineData("task: regression", "boosting")]
    [InlineData("task: regression\ntraining: {monotone: {x: increasing}, search: {method: tpe}}", "boosting")]
    [InlineData("task: anomaly", "isolationForest")]
    [InlineData("task: forecast\nforecast: {horizon: 5}", "boosting")]
    public void Of_SearchWithoutRanges_SuitsTheTask(string yaml, string trainer)
    {
        (TrainingCandidates tried, LearningTask task) = Of(yaml.Contains("training", StringComparison.Ordinal) ? yaml : $"{yaml}\ntraining: {{search: {{method: random}}}}");

        Assert.Empty(tried.Check(task));
        CandidateSearch search = Assert.Single(tried.Searches);
        Assert.Equal(trainer, search.Fixed.Trainer);
        SearchState state = search.State;
        for (int i = 0; i < 10; i++)
        {
            (state, Trial? trial) = SearchEngine.Ask(state);
            Assert.Empty(Candidates.Check(search.Candidate(trial!), task));
        }
    }

    [Theory]
    [InlineData("task: regression\ntraining: {candidates: [{trainer: linear}]}", "linear, baseline")]
    [InlineData("task: regression\ntraining: {candidates: [{trainer: baseline}, {trainer: linear}]}", "baseline, linear")]
    [InlineData("task: forecast\nforecast: {horizon: 5}\ntraining: {candidates: [{trainer: linear}]}", "linear, naive")]
    [InlineData("task: anomaly\ntraining: {candidates: [{trainer: isolationForest}]}", "isolationForest, baseline")]
    [InlineData("task: regression\ntraining: {search: {method: tpe}, candidates: [{trainer: linear, parameters: {strength: {from: 0.1, to: 1}}}]}", "baseline")]
    public void Of_NamedCandidates_AreComparedWithTheBaseline(string yaml, string trainers) =>
        Assert.Equal(trainers, string.Join(", ", Of(yaml).Tried.Candidates.Select(candidate => candidate.Trainer)));

    [Fact]
    public void Of_MetricOfTheGate_IsSearchedFor()
    {
        Assert.False(Of("task: regression\ntraining: {search: {method: tpe}}").Tried.Searches[0].State.Options.HigherIsBetter);
        Assert.True(Of("task: regression\ngates: {metric: r2}\ntraining: {search: {method: tpe}}").Tried.Searches[0].State.Options.HigherIsBetter);
    }

    // A search beside a candidate for a quantile once tried settings for the mean only, all of which lose by that quantile's loss.
    [Fact]
    public void Of_QuantileOfACandidate_IsSearchedForWithoutRanges()
    {
        (TrainingCandidates tried, LearningTask task) = Of("task: regression\ntraining: {search: {method: tpe}, candidates: [{trainer: boosting, parameters: {loss: quantile, quantile: 0.9}}]}");

        IReadOnlyDictionary<string, double> settings = Assert.Single(tried.Searches).Fixed.Parameters;
        Assert.Equal((2, 0.9), (settings["loss"], settings["quantile"]));
        Assert.Empty(tried.Check(task));
        Assert.DoesNotContain("loss", Assert.Single(Of("task: regression\ntraining: {search: {method: tpe}}").Tried.Searches).Fixed.Parameters.Keys);
    }

    [Fact]
    public void Check_TrainerOfAnotherTask_SaysWhichFit()
    {
        (TrainingCandidates tried, LearningTask task) = Of("task: anomaly\ntraining: {search: {method: tpe}, candidates: [{trainer: forest, parameters: {maxDepth: [2, 4]}}]}");

        Assert.Contains("does not learn anomalies; expected one of: baseline, isolationForest", Assert.Single(tried.Check(task)), StringComparison.Ordinal);
    }

    private static (TrainingCandidates Tried, LearningTask Task) Of(string yaml)
    {
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        Assert.Empty(result.Errors);
        TaskResolution resolution = TaskResolver.Resolve(Rows, result.Configuration!);
        Assert.True(resolution.Task is not null, string.Join(' ', resolution.Problems));
        return (TrainingCandidates.Of(result.Configuration!, resolution.Task, resolution.Rows.Count), resolution.Task);
    }
}
