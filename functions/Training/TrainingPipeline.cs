using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning.Search;
using Mlops.Core.Statistics.Gates;
using Mlops.Core.Validation;
using Mlops.Functions.Datasets;
using Mlops.Functions.Deployment;
using Mlops.Functions.Evaluation;
using Mlops.Functions.Features;
using Mlops.Functions.Registry;
using Mlops.Functions.Validation;

namespace Mlops.Functions.Training;

/// <summary>
/// From data to a decision about a model: validate, version, plan, train, export, evaluate, register, roll out. Only names and numbers
/// cross it; every step is an activity that may run twice with the same result.
/// </summary>
public static class TrainingPipeline
{
    /// <summary>The version that new instances carry. It changes with the calls of an orchestrator: histories of every version since must go on replaying.</summary>
    /// <remarks>2: settings are searched for after the candidates are compared.</remarks>
    public const string Version = "2";

    // Storage and Azure hiccup; a PipelineException is for the user and does not go away by itself.
    private static readonly TaskOptions Retry = TaskOptions.FromRetryPolicy(new RetryPolicy(4, TimeSpan.FromSeconds(2), 2.0)
    {
        HandleFailure = failure => !failure.IsCausedBy<PipelineException>(),
    });

    [Function(nameof(TrainingPipeline))]
    public static async Task<PipelineOutcome> Run([OrchestrationTrigger] TaskOrchestrationContext context, PipelineRequest request)
    {
        string id = context.InstanceId;
        PipelineOutcome outcome;
        try
        {
            outcome = await DecideAsync(context, request);
        }
        catch (TaskFailedException failure)
        {
            outcome = new PipelineOutcome("failed", Bounded.Reason(failure.FailureDetails.ErrorMessage), null);
            await context.CallActivityAsync(nameof(EndPipeline), new EndStep(id, outcome), Retry);
            throw;
        }

        await context.CallActivityAsync(nameof(EndPipeline), new EndStep(id, outcome), Retry);

        // 9. A promoted version takes over the traffic step by step, watched, while this pipeline is already done.
        if (outcome is { Status: "promoted", Version: { } version })
        {
            await context.CallSubOrchestratorAsync(
                nameof(Rollout), new RolloutState(request.Model, version, id, 0), new SubOrchestrationOptions { InstanceId = $"{id}-rollout", Version = context.Version });
        }

        return outcome;
    }

    private static async Task<PipelineOutcome> DecideAsync(TaskOrchestrationContext context, PipelineRequest request)
    {
        string id = context.InstanceId;
        if (request.Batch is { } batch)
        {
            // 1. Is the batch what the contract says?
            ValidationOutcome? validation = await context.CallActivityAsync<ValidationOutcome?>(nameof(ValidateBatch), new BatchStep(id, request.Model, batch), Retry);
            if (validation is null)
            {
                return new PipelineOutcome("superseded", $"{batch.Blob} was replaced or deleted before it was read; the newer file has a pipeline of its own", null);
            }

            if (validation.Verdict == Verdict.Block)
            {
                return new PipelineOutcome("blocked", validation.Summary, null);
            }

            // 2. Keep it, immutable, under the hash of its bytes.
            string? dataset = await context.CallActivityAsync<string?>(
                nameof(CreateDatasetVersion), new DatasetStep(id, request.Model, batch, validation.Sha256, validation.Bytes, validation.Rows), Retry);
            if (dataset is null)
            {
                return new PipelineOutcome("superseded", $"{batch.Blob} was replaced or deleted before it was kept; the newer file has a pipeline of its own", null);
            }
        }
        else
        {
            // 1–2. Labels that came in since are new data to learn from.
            await context.CallActivityAsync<string>(nameof(CollectFeedback), new ModelStep(id, request.Model), Retry);
        }

        // 3. What is to be trained, on which versions, with which candidates? Nothing, when the same was trained before.
        PlanOutcome plan = await context.CallActivityAsync<PlanOutcome>(nameof(PlanTraining), new ModelStep(id, request.Model), Retry);
        if (plan.Plan is null)
        {
            return new PipelineOutcome(plan.Status!, plan.Reason, null);
        }

        // 4. Cross-validate the candidates, side by side.
        CandidateScore[] scores = await Task.WhenAll(Enumerable.Range(0, plan.Candidates).Select(index =>
            context.CallActivityAsync<CandidateScore>(nameof(TrainCandidate), new CandidateStep(id, request.Model, plan.Plan, index), Retry)));
        if (CandidateScore.Best(scores) is not { } winner)
        {
            return new PipelineOutcome("failed", "no candidate could be trained; the runs say why", null);
        }

        // 5. Search for better settings, where model.yaml asks for it; the best joins the candidates.
        string trained = plan.Plan;
        if (plan.SearchLimit is { } limit && context.CompareVersionTo("2") >= 0)
        {
            RoundOutcome found = await SearchAsync(context, request.Model, plan.Plan, context.CurrentUtcDateTime + limit);
            trained = found.Plan!;
            winner = found.Best is null ? winner : CandidateScore.Best([winner, found.Best])!;
        }

        // 6. Train the winner on all training rows and export it with its preprocessing as one ONNX graph.
        ExportedModel exported = await context.CallActivityAsync<ExportedModel>(nameof(ExportWinner), new ExportStep(id, request.Model, trained, winner), Retry);

        // 7. Is it better than the champion, on rows that neither has seen?
        GateOutcome gate = await context.CallActivityAsync<GateOutcome>(nameof(EvaluateCandidate), new ModelStage(id, request.Model, trained, exported), Retry);

        // 8. Register it, whatever the verdict: nothing that was tried is forgotten.
        int version = await context.CallActivityAsync<int>(nameof(RegisterModel), new RegistrationStep(id, request.Model, trained, exported, gate), Retry);
        string status = gate.Verdict switch
        {
            GateVerdict.Promote => "promoted",
            GateVerdict.Reject => "rejected",
            _ => "inconclusive",
        };
        return new PipelineOutcome(status, gate.Reason, version);
    }

    /// <summary>Rounds of trials, side by side, until the search is over. A round waits for all of its trials: what is asked next then depends on what they measured, not on which came first.</summary>
    private static async Task<RoundOutcome> SearchAsync(TaskOrchestrationContext context, string model, string plan, DateTime deadline)
    {
        string id = context.InstanceId;
        TrialScore[] told = [];
        for (int round = 0; ; round++)
        {
            RoundOutcome asked = await context.CallActivityAsync<RoundOutcome>(
                nameof(NextTrials), new RoundStep(id, model, plan, round, told, context.CurrentUtcDateTime >= deadline), Retry);
            if (asked.Trials.Length == 0)
            {
                return asked;
            }

            told = await Task.WhenAll(asked.Trials.Select(trial =>
                context.CallActivityAsync<TrialScore>(nameof(TrainTrial), new TrialStep(id, model, plan, round, trial, new DateTimeOffset(deadline, TimeSpan.Zero)), Retry)));
        }
    }
}
