using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Functions.Training;

/// <summary>All that decides what comes out of a training: the same plan gives the same model, bit for bit.</summary>
public sealed record TrainingPlan
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The dataset versions, oldest first.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>What is learned.</summary>
    public required LearningTask Task { get; init; }

    /// <summary>Which rows are held out: as the model's first plan said.</summary>
    public required SplitRule Split { get; init; }

    /// <summary>Columns of the data that are neither features nor the target.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>The candidates.</summary>
    public required IReadOnlyList<CandidateSpec> Candidates { get; init; }

    /// <summary>The searches for settings, before they begin; none when nothing is searched.</summary>
    public IReadOnlyList<CandidateSearch> Searches { get; init; } = [];

    /// <summary>Folds of the cross-validation.</summary>
    public required int Folds { get; init; }

    /// <summary>The seed of everything random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The text of <c>model.yaml</c> when the plan was made; empty when there was none.</summary>
    public required string ModelYaml { get; init; }

    /// <summary>The settings in force when the plan was made: a file that is edited meanwhile is for the next plan.</summary>
    [JsonIgnore]
    public ModelConfiguration Configuration => ModelConfiguration.Parse(ModelYaml).Configuration
        ?? throw new PipelineException($"The plan of model '{Model}' holds a model.yaml that this version of the platform cannot read. Drop the data again to make a new plan.");

    /// <summary>The metric that candidates are ranked by. Plans that name none are of versions that ranked by the first one of the task, whatever the gate compared: what began so ends so.</summary>
    public string Metric { get => field ?? Metrics.Primary(Task); init; }

    /// <summary>The id of the run of a candidate: 32 hexadecimal digits.</summary>
    public static string RunId(string pipeline, int index) => RunId(pipeline, index.ToString(CultureInfo.InvariantCulture));

    /// <summary>The id of the run of a part of a pipeline: 32 hexadecimal digits.</summary>
    public static string RunId(string pipeline, string part) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{pipeline}/{part}")))[..32];

    /// <summary>The id of the run of a pipeline's search, of which its trials are children.</summary>
    public static string SearchRunId(string pipeline) => RunId(pipeline, "search");
}
