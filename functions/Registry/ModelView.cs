using Mlops.Core.Evaluation;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;
using Mlops.Functions.Evaluation;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Registry;

/// <summary>A model as <c>GET /api/models/{name}</c> shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Aliases">Versions by alias.</param>
/// <param name="Traffic">Who serves; null before the first champion.</param>
/// <param name="ChampionSince">Since when the champion is it.</param>
/// <param name="Versions">All versions, oldest first.</param>
/// <param name="Explanation">What the champion goes by and where it does worst; null where that was not looked at.</param>
/// <param name="Evaluation">How the champion got through the gate.</param>
/// <param name="Search">The search that found its settings, if there was one.</param>
/// <param name="LastDrift">The newest drift report.</param>
/// <param name="Datasets">The dataset versions.</param>
/// <param name="Pipelines">The newest pipelines.</param>
public sealed record ModelView(
    string Name,
    IReadOnlyDictionary<string, int> Aliases,
    TrafficPolicy? Traffic,
    DateTimeOffset? ChampionSince,
    IReadOnlyList<ModelVersion> Versions,
    ModelExplanation? Explanation,
    EvaluationReport? Evaluation,
    SearchReport? Search,
    DriftSummary? LastDrift,
    IReadOnlyList<DatasetSummary> Datasets,
    IReadOnlyList<PipelineRecord> Pipelines);
