using Mlops.Core.Evaluation;
using Mlops.Core.Learning.Search;
using Mlops.Core.Statistics.Gates;
using Mlops.Core.Validation;

namespace Mlops.Functions.Training;

// What crosses the pipeline's orchestration: names and numbers, never data.

/// <summary>Starts a pipeline.</summary>
/// <param name="Model">The model.</param>
/// <param name="Trigger"><c>data</c>, <c>drift</c> or <c>manual</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Batch">The file that arrived; null when the pipeline retrains on what there is.</param>
public sealed record PipelineRequest(string Model, string Trigger, string Reason, BatchSource? Batch);

/// <summary>One version of a file in the drop zone.</summary>
public sealed record BatchSource(string Blob, string ETag);

/// <summary>The input of a step: which pipeline, for which model, on which file.</summary>
public sealed record BatchStep(string Pipeline, string Model, BatchSource Batch);

/// <summary>The input of a step that needs only to know whom it works for.</summary>
public sealed record ModelStep(string Pipeline, string Model);

/// <summary>What validation found.</summary>
/// <param name="Verdict">Whether the batch may be used.</param>
/// <param name="Sha256">The hash of its bytes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Summary">The result in words.</param>
public sealed record ValidationOutcome(Verdict Verdict, string Sha256, long Bytes, int Rows, string Summary);

/// <summary>The input of the step that makes a dataset version.</summary>
public sealed record DatasetStep(string Pipeline, string Model, BatchSource Batch, string Sha256, long Bytes, int Rows);

/// <summary>A plan of training, or why there is nothing to train.</summary>
/// <param name="Plan">The plan's artifact; null when there is nothing to train.</param>
/// <param name="Candidates">Candidates in the plan.</param>
/// <param name="Status">The pipeline's outcome when there is no plan: <c>duplicate</c> or <c>blocked</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="SearchLimit">How long settings are searched for at most; null when nothing is searched.</param>
public sealed record PlanOutcome(string? Plan, int Candidates, string? Status, string Reason, TimeSpan? SearchLimit = null);

/// <summary>The input of one candidate's training.</summary>
public sealed record CandidateStep(string Pipeline, string Model, string Plan, int Index);

/// <summary>The input of a round of the search.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Model">The model.</param>
/// <param name="Plan">The plan's artifact.</param>
/// <param name="Round">The round to ask for, from 0.</param>
/// <param name="Told">What the trials of the round before measured.</param>
/// <param name="Stop">Whether the time is up: nothing more is asked for.</param>
public sealed record RoundStep(string Pipeline, string Model, string Plan, int Round, TrialScore[] Told, bool Stop);

/// <summary>A round of the search.</summary>
/// <param name="Trials">The trials to measure; none when the search is over.</param>
/// <param name="Plan">Of a search that is over: the artifact of the plan with the best that was found among its candidates.</param>
/// <param name="Best">Of a search that is over: the score of that candidate; null when nothing was measured on all folds.</param>
public sealed record RoundOutcome(TrialKey[] Trials, string? Plan, CandidateScore? Best);

/// <summary>The input of one trial's training.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Model">The model.</param>
/// <param name="Plan">The plan's artifact.</param>
/// <param name="Round">The round that asked for it.</param>
/// <param name="Trial">The trial.</param>
/// <param name="Deadline">When the search must end.</param>
public sealed record TrialStep(string Pipeline, string Model, string Plan, int Round, TrialKey Trial, DateTimeOffset Deadline);

/// <summary>The input of the export.</summary>
public sealed record ExportStep(string Pipeline, string Model, string Plan, CandidateScore Winner);

/// <summary>An exported model.</summary>
/// <param name="Hash">SHA-256 of the ONNX file.</param>
/// <param name="Run">The run that trained it.</param>
public sealed record ExportedModel(string Hash, string Run);

/// <summary>The input of the evaluation and the registration.</summary>
public sealed record ModelStage(string Pipeline, string Model, string Plan, ExportedModel Exported);

/// <summary>What the gate decided.</summary>
/// <param name="Verdict">The decision.</param>
/// <param name="Report">The evaluation's artifact.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record GateOutcome(GateVerdict Verdict, string Report, string Reason);

/// <summary>The input of the registration.</summary>
public sealed record RegistrationStep(string Pipeline, string Model, string Plan, ExportedModel Exported, GateOutcome Gate);

/// <summary>How a pipeline ended.</summary>
/// <param name="Status"><c>promoted</c>, <c>rejected</c>, <c>inconclusive</c>, <c>blocked</c>, <c>duplicate</c>, <c>superseded</c> or <c>failed</c>.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Version">The registered version, or null.</param>
public sealed record PipelineOutcome(string Status, string Reason, int? Version);

/// <summary>The input of the step that records the outcome.</summary>
public sealed record EndStep(string Pipeline, PipelineOutcome Outcome);
