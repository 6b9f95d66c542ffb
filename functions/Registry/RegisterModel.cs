using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Registry;
using Mlops.Core.Statistics.Gates;
using Mlops.Functions.Evaluation;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage.Lineage;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Registry;

/// <summary>Activity: registers an evaluated model as the next version, with its lineage.</summary>
public sealed class RegisterModel(PipelineSteps steps, TrainingData data, RegistryStore registry, RunStore runs, LineageStore lineage, PipelineStore pipelines, TimeProvider time)
{
    [Function(nameof(RegisterModel))]
    public Task<int> Run([ActivityTrigger] RegistrationStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "register", () => RegisterAsync(step, cancellationToken), number => $"version {number}", cancellationToken);

    private async Task<int> RegisterAsync(RegistrationStep step, CancellationToken cancellationToken)
    {
        TrainingPlan plan = await data.ReadPlanAsync(step.Plan, cancellationToken);
        EvaluationReport report = await runs.ReadArtifactAsync<EvaluationReport>(step.Gate.Report, cancellationToken);
        ModelVersion version = new()
        {
            Number = 0,
            State = step.Gate.Verdict == GateVerdict.Reject ? VersionState.Rejected : VersionState.Registered,
            Hash = step.Exported.Hash,
            Pipeline = step.Pipeline,
            Run = step.Exported.Run,
            Datasets = plan.Datasets,
            Metrics = report.Candidate,
            Verdict = $"{step.Gate.Verdict}: {step.Gate.Reason}",
            Created = time.GetUtcNow(),
        };

        // The caller who sent the data or asked for the training; for a file in the drop zone or a declared drift, the pipeline itself.
        string actor = await pipelines.FindActorAsync(step.Pipeline, cancellationToken) ?? step.Pipeline;
        ModelRecord record = await registry.CommitAsync(plan.Model, actor, current => RegistryRules.Register(current, version), cancellationToken);
        int number = record.Versions.Single(registered => registered.Pipeline == step.Pipeline).Number;
        Activity.Current?.SetTag(Telemetry.ModelVersion, number).SetTag(Telemetry.Run, step.Exported.Run);
        string id = LineageIds.Version(plan.Model, number);
        await lineage.AddAsync(
            [
                .. plan.Datasets.Select(dataset => new LineageEdge(dataset, "trained", step.Exported.Run)),
                new LineageEdge(step.Exported.Run, "registered", id),
                new LineageEdge(step.Pipeline, "made", id),
            ],
            cancellationToken);
        return number;
    }
}
