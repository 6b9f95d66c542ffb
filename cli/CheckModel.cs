using System.Globalization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.Gates;
using Mlops.Core.Validation;

namespace Mlops.Cli;

/// <summary><c>check model</c>: what does this configuration learn, and does it pass its gates?</summary>
/// <remarks>The same steps as the training pipeline, in memory: plan, cross-validate the candidates, search for settings, fit the best, choose its threshold, compare on rows that none has seen.</remarks>
internal static class CheckModel
{
    /// <summary>The checks: training, the gate, and what it says about groups.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        ModelConfiguration configuration = Inputs.Configuration(arguments.Required("config"));
        CheckReport report = new("mlops check model");
        if (await LoadAsync(arguments.Operands(2), configuration, report, cancellationToken) is not { } table)
        {
            return report;
        }

        if (Train(table, configuration, configuration.Training, cancellationToken) is not { } candidate)
        {
            report.Add("training", "nothing was trained", string.Join('\n', [.. TaskResolver.Resolve(table, configuration).Problems.Select(problem => problem.ToString()), "No candidate could learn from these rows."]));
            return report;
        }

        report.Add("training", candidate.Summary, null);
        Trained? other = null;
        if (arguments.Option("against") is { } against)
        {
            other = Train(table, Inputs.Configuration(against), configuration.Training, cancellationToken);
            if (other is not null && (other.Task.Target != candidate.Task.Target || other.Task.Kind != candidate.Task.Kind))
            {
                throw new UsageException($"'{against}' learns {other.Task.Kind} of '{other.Task.Target}', not {candidate.Task.Kind} of '{candidate.Task.Target}': they cannot be compared.");
            }
        }

        Gate(report, configuration, candidate, other);
        return report;
    }

    private static void Gate(CheckReport report, ModelConfiguration configuration, Trained candidate, Trained? other)
    {
        DataTable holdout = candidate.Holdout;
        Predictions? others = other is null ? null : PredictionAlignment.Align(other.Model.Predict(holdout), other.Task.Classes, candidate.Task.Classes);
        Predictions predictions = candidate.Model.Predict(holdout);
        GateResult gate = Core.Evaluation.Gate.Decide(
            candidate.Task, HoldoutRows.Of(candidate.Task, holdout), predictions, others, configuration.Gates, (ulong)configuration.Training.Seed);
        report.Add("gate", $"{gate.Verdict.ToString().ToLowerInvariant()} on {gate.Metric} over {gate.Rows} rows", gate.Verdict == GateVerdict.Reject ? string.Join('\n', gate.Reasons) : null);
        if (configuration.Gates.Fairness.Count > 0)
        {
            (_, IReadOnlyList<string> unfair) = FairnessGate.Check(candidate.Task, holdout, predictions, configuration.Gates.Fairness);
            report.Add("fairness", string.Join(", ", configuration.Gates.Fairness.Keys), unfair.Count > 0 ? string.Join('\n', unfair) : null);
        }
    }

    private static async Task<DataTable?> LoadAsync(IReadOnlyList<string> files, ModelConfiguration configuration, CheckReport report, CancellationToken cancellationToken)
    {
        List<DataTable> tables = [];
        DataContract? contract = null;
        foreach (string file in files)
        {
            BatchRead read = await Inputs.BatchAsync(file, Validator.KindsFor(contract, configuration), cancellationToken);
            ValidationReport validation = Validator.Check(read, contract, configuration);
            if (validation.Verdict == Verdict.Block || read.Table is not { } table)
            {
                report.Add(file, "blocked", string.Join('\n', validation.Problems));
                return null;
            }

            contract ??= DataContract.Infer(table, configuration);
            tables.Add(table);
        }

        return tables.Count == 1 ? tables[0] : Tables.Concat(tables);
    }

    // Both sides are split alike: what one is judged on, the other must not have learned from.
    private static Trained? Train(DataTable table, ModelConfiguration configuration, TrainingOptions split, CancellationToken cancellationToken)
    {
        TaskResolution resolution = TaskResolver.Resolve(table, configuration);
        if (resolution.Task is not { } task)
        {
            return null;
        }

        TrainingOptions options = configuration.Training;
        ulong seed = (ulong)options.Seed;
        DataTable rows = resolution.Select(table);
        SplitRule rule = new([.. task.Features, task.Target], split.Holdout, (ulong)split.Seed, []);
        (DataTable known, DataTable holdout, int[] folds) = TaskSplit.Of(rows, task, rule, options.Folds, seed);
        TrainingCandidates tried = TrainingCandidates.Of(configuration, task, rows.RowCount);
        if (tried.Check(task) is { Count: > 0 } wrong)
        {
            throw new UsageException($"training.candidates: {string.Join(' ', wrong)}");
        }

        CandidateTrials trials = new(known, task, folds, configuration, cancellationToken);
        if (trials.Best(tried) is not ({ } spec, { } score))
        {
            return null;
        }

        FittedModel model = Trainer.Fit(known, task, spec, seed, null, cancellationToken, Environment.ProcessorCount);
        DecisionOptions costs = configuration.Decision;
        if (ThresholdChoice.Of(known, task, spec, folds, costs.FalsePositiveCost, costs.FalseNegativeCost, seed, cancellationToken, Environment.ProcessorCount) is { } threshold)
        {
            model = model.WithThreshold(threshold.Threshold);
        }

        string summary = string.Create(
            CultureInfo.InvariantCulture, $"{task.Kind} of '{task.Target}' from {task.Features.Count} columns and {known.RowCount} rows; {score.Trainer}: {score.Metric} {score.Mean:0.####} ± {score.StandardError:0.####}");
        return new Trained(task, model, holdout, summary);
    }

    private sealed record Trained(LearningTask Task, FittedModel Model, DataTable Holdout, string Summary);
}
