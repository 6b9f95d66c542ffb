using System.Globalization;
using Mlops.Core.Learning;
using Mlops.Core.Serving;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Inference;

/// <summary>An answer of the Open Inference Protocol.</summary>
public sealed record InferenceResponse(string ModelName, string ModelVersion, string? Id, IReadOnlyList<InferenceOutput> Outputs)
{
    internal static InferenceResponse Of(ServingModel serving, IReadOnlyList<PredictionRecord> records, string? id)
    {
        ModelSignature signature = serving.Model.Signature;
        float[] scores = [.. records.SelectMany(record => record.Scores)];
        InferenceOutput ids = new("prediction_id", "BYTES", [records.Count], records.Select(record => record.Id).ToArray());
        IReadOnlyList<InferenceOutput> outputs = signature.Task == TaskKind.Regression
            ? [new InferenceOutput("prediction", "FP32", [records.Count, 1], scores), ids]
            : [
                new InferenceOutput("label", "BYTES", [records.Count], records.Select(record => record.Label!).ToArray()),
                new InferenceOutput(signature.Task == TaskKind.Anomaly ? "score" : "probabilities", "FP32", [records.Count, signature.Width], scores),
                ids,
            ];
        return new InferenceResponse(serving.Name, serving.Version.Number.ToString(CultureInfo.InvariantCulture), id, outputs);
    }
}

/// <summary>One output tensor, row-major.</summary>
public sealed record InferenceOutput(string Name, string Datatype, IReadOnlyList<int> Shape, object Data);
