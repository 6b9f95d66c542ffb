using Mlops.Core.Evaluation;

namespace Mlops.Functions.Evaluation;

/// <summary>What the comparison of a candidate with the champion found.</summary>
/// <param name="Gate">The gate's decision.</param>
/// <param name="Candidate">The candidate's metrics on the hold-out.</param>
/// <param name="Champion">The champion's version, or null without one.</param>
/// <param name="ChampionMetrics">The champion's metrics on the same rows.</param>
public sealed record EvaluationReport(GateResult Gate, IReadOnlyDictionary<string, double> Candidate, int? Champion, IReadOnlyDictionary<string, double>? ChampionMetrics)
{
    /// <summary>The artifact of a pipeline's report.</summary>
    public static string Artifact(string model, string pipeline) => $"{model}/{pipeline}/evaluation.json";

    /// <summary>What lies behind the candidate's metrics; null in reports of versions that did not look.</summary>
    public HoldoutDiagnostics? Diagnostics { get; init; }

    /// <summary>Per column of <c>gates.fairness</c> how the candidate treats its groups.</summary>
    public IReadOnlyDictionary<string, FairnessReport> Fairness { get; init; } = new Dictionary<string, FairnessReport>();
}
