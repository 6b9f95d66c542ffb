using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Compression;
using Mlops.Core.Learning.Forecasting;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Functions.Inference;
using Mlops.Storage.Registry;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>Activity: trains the winner on all training rows, exports it as one ONNX graph and proves that ONNX Runtime agrees with the trainer.</summary>
public sealed class ExportWinner(PipelineSteps steps, TrainingData data, RegistryStore registry, RunStore runs, CheckpointStore checkpoints, TimeProvider time)
{
    /// <summary>The largest difference of a score that is still the same model.</summary>
    public const double Tolerance = 1e-5;

    /// <summary>The name of the artifact with what the exported model of a pipeline goes by and where it does worst: a <see cref="ModelExplanation"/>.</summary>
    public static string ExplanationArtifact(string model, string pipeline) => $"{model}/{pipeline}/explanation.json";

    /// <summary>The name of the artifact with the profile of what the exported forecast of a pipeline looked at: rows of a series are not what it is asked about.</summary>
    public static string ReferenceArtifact(string model, string pipeline) => $"{model}/{pipeline}/reference.json";

    /// <summary>The name of the artifact with how wrong the exported model of a pipeline was on its hold-out, by slice: a <see cref="LossProfile"/>.</summary>
    public static string LossesArtifact(string model, string pipeline) => $"{model}/{pipeline}/losses.json";

    [Function(nameof(ExportWinner))]
    public Task<ExportedModel> Run([ActivityTrigger] ExportStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "export", () => ExportAsync(step, cancellationToken), model => $"{step.Winner.Trainer} as ONNX {model.Hash[..12]}…, checked against ONNX Runtime", cancellationToken);

    private async Task<ExportedModel> ExportAsync(ExportStep step, CancellationToken cancellationToken)
    {
        TrainingPlan plan = await data.ReadPlanAsync(step.Plan, cancellationToken);
        SplitData split = await data.LoadAsync(plan, cancellationToken);
        TrainingJournal journal = await TrainingJournal.OpenAsync(checkpoints, step.Winner.Run, time, cancellationToken);
        MetricTrace trace = new(runs, step.Winner.Run, time, cancellationToken);
        CandidateSpec spec = plan.Candidates[step.Winner.Index];
        FittedModel model = Trainer.Fit(split.Train, plan.Task, spec, plan.Seed, trace, cancellationToken, TrainingThreads.Count, journal.Checkpoints);
        await trace.FlushAsync();
        CompressionReport? compression = null;
        if (plan.Configuration.Training is { Compression: not CompressionMethod.None } options)
        {
            (model, compression) = Compressor.Compress(
                model, split.Train, split.Folds, split.Holdout, options.Compression, plan.Metric, options.CompressionLoss, plan.Seed, TrainingThreads.Count, cancellationToken);
        }

        Core.Configuration.DecisionOptions costs = plan.Configuration.Decision;
        if (ThresholdChoice.Of(split.Train, plan.Task, spec, split.Folds, costs.FalsePositiveCost, costs.FalseNegativeCost, plan.Seed, cancellationToken, TrainingThreads.Count) is { } threshold)
        {
            model = model.WithThreshold(threshold.Threshold);
        }

        ForecastIntervals? intervals = plan.Task.Forecast is null ? null : ForecastIntervals.Of(split.Train, plan.Task, spec, split.Folds, plan.Seed, TrainingThreads.Count, cancellationToken);
        ModelSignature signature = new(plan.Task.Kind, plan.Task.Target, plan.Task.Classes, [.. model.Inputs.Select(input => new InputColumn(input.Key, input.Value))])
        {
            Ignored = plan.Ignored,
            Threshold = model.Threshold,
            Weight = plan.Task.Weight,
            Forecast = plan.Task.Forecast,
            Intervals = intervals,
        };
        byte[] onnx = model.ToOnnx(new Dictionary<string, string>
        {
            [ModelSignature.MetadataKey] = signature.ToJson(),
            ["mlops.model"] = plan.Model,
            ["mlops.datasets"] = string.Join(',', plan.Datasets),
            ["mlops.configuration"] = plan.Configuration.Hash,
            ["mlops.trainer"] = spec.Trainer,
            ["mlops.seed"] = plan.Seed.ToString(CultureInfo.InvariantCulture),
        });
        using OnnxModel loaded = new(onnx);
        Predictions predicted = model.Predict(split.Holdout);
        Compare(predicted, loaded.Score(split.Holdout), plan.Task.Offset is { } offset ? (NumericColumn)split.Holdout[offset] : null);
        string hash = Convert.ToHexStringLower(SHA256.HashData(onnx));
        await registry.WriteTrainedAsync(plan.Model, hash, model.ToJson(), cancellationToken);
        await registry.WriteModelAsync(plan.Model, hash, new BinaryData(onnx), cancellationToken);
        string importance = $"{plan.Model}/{step.Pipeline}/importance.json";
        await runs.WriteArtifactAsync(importance, model.Importance.Select(item => new { item.Feature, item.Importance }), cancellationToken);
        string explanation = ExplanationArtifact(plan.Model, step.Pipeline);
        await runs.WriteArtifactAsync(explanation, ModelExplanation.Of(model, split.Holdout, plan.Metric, TrainingThreads.Count, cancellationToken), cancellationToken);
        if (HoldoutLosses.Of(model, split.Holdout) is { } losses)
        {
            await runs.WriteArtifactAsync(LossesArtifact(plan.Model, step.Pipeline), losses, cancellationToken);
        }

        if (plan.Task.Forecast is not null)
        {
            DataTable asked = new([.. plan.Task.Features.Select(name => split.Train[name])]);
            using JsonDocument profile = JsonDocument.Parse(TableProfile.Of(asked).ToJson());
            await runs.WriteArtifactAsync(ReferenceArtifact(plan.Model, step.Pipeline), profile.RootElement, cancellationToken);
        }

        if (await runs.FindAsync(step.Winner.Run, cancellationToken) is { } run)
        {
            List<string> artifacts = [importance, explanation, $"{hash}.onnx", $"{hash}.json"];
            Dictionary<string, double> metrics = run.Metrics.ToDictionary();
            if (intervals?.Held(split.Holdout, predicted, plan.Task.Forecast!) is { } held && double.IsFinite(held))
            {
                metrics["interval.coverage"] = held;
            }

            if (compression is not null)
            {
                string report = $"{plan.Model}/{step.Pipeline}/compression.json";
                await runs.WriteArtifactAsync(report, compression, cancellationToken);
                artifacts.Add(report);
                metrics["compression.bytes"] = compression.BytesAfter;
                if (compression.After - compression.Before is var loss && double.IsFinite(loss))
                {
                    metrics["compression.loss"] = loss;
                }
            }

            await runs.WriteAsync(run with { Artifacts = [.. run.Artifacts.Union(artifacts)], Metrics = metrics, Resumed = run.Resumed + (journal.Resumed ? 1 : 0) }, cancellationToken);
        }

        await journal.ClearAsync();

        return new ExportedModel(hash, step.Winner.Run);
    }

    private static void Compare(Predictions trainer, Predictions onnx, NumericColumn? offsets)
    {
        for (int i = 0; i < trainer.Scores.Length; i++)
        {
            float expected = trainer.Scores[i];
            float found = onnx.Scores[i];
            // Relative for large predictions of a regression and what they start from, absolute for probabilities.
            double scale = Math.Max(1, Math.Max(Math.Abs(expected), offsets is null ? 0 : Math.Abs(offsets.Values[i])));
            if (!(Math.Abs(expected - found) <= Tolerance * scale))
            {
                throw new PipelineException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The exported model differs from the trained one: hold-out row {i / trainer.Width}, score {i % trainer.Width}: ONNX Runtime gives {found}, the trainer {expected}; expected a difference of at most {Tolerance}. The model is not used. Report this with the data set."));
            }
        }
    }
}
