using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Statistics.Gates;
using Mlops.Functions.Inference;
using Mlops.Functions.Training;
using Mlops.Storage.Registry;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Evaluation;

/// <summary>Activity: compares the exported candidate with the champion on the same held-out rows, and lets the gate decide.</summary>
public sealed class EvaluateCandidate(PipelineSteps steps, TrainingData data, RegistryStore registry, RunStore runs)
{
    [Function(nameof(EvaluateCandidate))]
    public Task<GateOutcome> Run([ActivityTrigger] ModelStage stage, CancellationToken cancellationToken) => steps.RunAsync(
        stage.Pipeline, "evaluate", () => EvaluateAsync(stage, cancellationToken), outcome => $"{outcome.Verdict}: {outcome.Reason}", cancellationToken);

    private async Task<GateOutcome> EvaluateAsync(ModelStage stage, CancellationToken cancellationToken)
    {
        TrainingPlan plan = await data.ReadPlanAsync(stage.Plan, cancellationToken);
        DataTable holdout = (await data.LoadAsync(plan, cancellationToken)).Holdout;
        Column target = holdout[plan.Task.Target];
        Predictions candidate = await ScoreAsync(plan, stage.Exported.Hash, holdout, cancellationToken);
        ModelRecord record = await registry.ReadAsync(plan.Model, cancellationToken);
        ModelVersion? champion = record.Traffic is { } traffic ? record.Find(traffic.Champion) : null;
        Predictions? championScores = champion is null ? null : await ScoreAsync(plan, champion.Hash, holdout, cancellationToken);
        GateOptions configured = plan.Configuration.Gates;
        HoldoutRows rows = HoldoutRows.Of(plan.Task, holdout);
        GateResult gate = Gate.Decide(plan.Task, rows, candidate, championScores, configured, plan.Seed);
        string report = EvaluationReport.Artifact(plan.Model, stage.Pipeline);
        Column? weights = plan.Task.WeightsOf(holdout);
        (IReadOnlyDictionary<string, FairnessReport> fairness, IReadOnlyList<string> unfair) = FairnessGate.Check(plan.Task, holdout, candidate, configured.Fairness);
        if (unfair.Count > 0)
        {
            gate = gate with { Verdict = GateVerdict.Reject, Reasons = [.. unfair, .. gate.Reasons] };
        }

        EvaluationReport found = new(
            gate,
            Metrics.Of(plan.Task, target, candidate, null, weights),
            champion?.Number,
            championScores is null ? null : Metrics.Of(plan.Task, target, championScores, null, weights))
        {
            Fairness = fairness,
            Diagnostics = HoldoutDiagnostics.Of(plan.Task, rows, candidate, plan.Seed, cancellationToken),
        };
        await runs.WriteArtifactAsync(report, found, cancellationToken);
        return new GateOutcome(gate.Verdict, report, Bounded.Reason(string.Join(" ", gate.Reasons)));
    }

    private async Task<Predictions> ScoreAsync(TrainingPlan plan, string hash, DataTable rows, CancellationToken cancellationToken)
    {
        BinaryData onnx = await registry.ReadModelAsync(plan.Model, hash, cancellationToken);
        using OnnxModel model = new(onnx.ToArray());
        return PredictionAlignment.Align(model.Score(rows), model.Signature.Classes, plan.Task.Classes);
    }
}
