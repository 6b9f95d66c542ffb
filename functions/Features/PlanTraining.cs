using System.Security.Cryptography;
using System.Text;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Functions.Arrival;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Features;

/// <summary>Activity: decides what is learned from which columns of which dataset versions, and with which candidates.</summary>
public sealed class PlanTraining(PipelineSteps steps, ConfigurationReader configurations, DatasetStore datasets, TrainingData data, RunStore runs, PipelineStore pipelines)
{
    [Function(nameof(PlanTraining))]
    public Task<PlanOutcome> Run([ActivityTrigger] ModelStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "plan", () => PlanAsync(step, cancellationToken), outcome => outcome.Reason, cancellationToken);

    private async Task<PlanOutcome> PlanAsync(ModelStep step, CancellationToken cancellationToken)
    {
        string yaml = await configurations.ReadTextAsync(step.Model, cancellationToken);
        ConfigurationResult result = ModelConfiguration.Parse(yaml);
        if (result.Configuration is not { } configuration)
        {
            return new PlanOutcome(null, 0, "blocked", Bounded.Reason(string.Join(" ", result.Errors)));
        }

        IReadOnlyList<DatasetSummary> all = await datasets.ListAsync(step.Model, cancellationToken);
        if (all.Count == 0)
        {
            return new PlanOutcome(null, 0, "blocked", $"model '{step.Model}' has no data yet; drop a file under data/{step.Model}/");
        }

        // Every collection of labelled predictions holds the rows of the one before: only the newest counts, or old rows would count many times.
        string? feedback = all.LastOrDefault(dataset => dataset.Source == FeedbackDataset.Source)?.Id;
        all = [.. all.Where(dataset => dataset.Source != FeedbackDataset.Source || dataset.Id == feedback)];
        string[] versions = configuration.Training.Data == DataScope.Newest ? [all[^1].Id] : [.. all.Select(dataset => dataset.Id)];
        string work = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{string.Join(',', versions.Order(StringComparer.Ordinal))}\n{configuration.Hash}")))[..32];
        if (await pipelines.TakeWorkAsync(step.Model, work, step.Pipeline, cancellationToken) is { } other)
        {
            return new PlanOutcome(null, 0, "duplicate", $"the same data with the same configuration is the work of pipeline {other}; there is nothing new to learn from");
        }

        DataTable table = await data.LoadAllAsync(step.Model, versions, configuration, cancellationToken);
        TaskResolution resolution = TaskResolver.Resolve(table, configuration);
        if (resolution.Task is not { } resolved)
        {
            return new PlanOutcome(null, 0, "blocked", Bounded.Reason(string.Join(" ", resolution.Problems)));
        }

        ulong seed = (ulong)configuration.Training.Seed;
        string[] ignored = [.. table.Columns.Select(column => column.Name).Except(resolved.Features).Where(name => name != resolved.Target)];
        SplitRule split = await datasets.SetSplitOnceAsync(step.Model, new SplitRule([.. resolved.Features, resolved.Target], configuration.Training.Holdout, seed, ignored), cancellationToken);

        // An identifier stays one when its values repeat later, as they do in labelled predictions; naming its type makes it a feature.
        LearningTask task = resolved with { Features = [.. resolved.Features.Where(name => !split.Ignored.Contains(name) || configuration.Types.ContainsKey(name))] };
        TrainingCandidates tried = TrainingCandidates.Of(configuration, task, resolution.Rows.Count);
        if (tried.Check(task) is { Count: > 0 } wrong)
        {
            return new PlanOutcome(null, 0, "blocked", Bounded.Reason($"training.candidates: {string.Join(" ", wrong)}"));
        }

        TrainingPlan plan = new()
        {
            Model = step.Model,
            Datasets = versions,
            Task = task,
            Split = split,
            Ignored = [.. table.Columns.Select(column => column.Name).Except(task.Features).Where(name => name != task.Target)],
            Candidates = tried.Candidates,
            Searches = tried.Searches,
            Metric = configuration.Gates.MetricOf(task),
            Folds = configuration.Training.Folds,
            Seed = seed,
            ModelYaml = yaml,
        };
        string name = $"{step.Model}/{step.Pipeline}/plan.json";
        await runs.WriteArtifactAsync(name, plan, cancellationToken);
        string searched = tried.Searches.Count == 0 ? "" : $", {tried.Searches.Count} with settings to search for";
        return new PlanOutcome(
            name,
            tried.Candidates.Count,
            null,
            $"{task.Kind} of '{task.Target}' from {task.Features.Count} columns, {resolution.Rows.Count} rows of {versions.Length} dataset versions, {tried.Candidates.Count} candidates{searched}",
            tried.Searches.Count == 0 ? null : configuration.Training.TimeLimit);
    }
}
