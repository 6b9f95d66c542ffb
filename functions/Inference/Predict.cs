using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Serving;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Inference;

/// <summary><c>POST /api/models/{name}/predict</c>: rows as JSON objects in, one prediction per row out.</summary>
public sealed class Predict(PredictionService predictions)
{
    internal const int MaximumBody = 16 << 20;

    [Function(nameof(Predict))]
    [RequireRole(Role.Predictor)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/predict")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        (JsonDocument? document, problem) = await Api.ReadJsonAsync(request, MaximumBody, cancellationToken);
        if (document is null)
        {
            return problem;
        }

        using (document)
        {
            if (!RowsBody.TryRead(document.RootElement, out JsonElement rows, out string? key, out problem))
            {
                return problem;
            }

            if (await predictions.FindAsync(model.Value, key, cancellationToken) is not { } serving)
            {
                return Api.NotFound($"Model '{model}' has no champion. Drop data under data/{model}/ and wait for its pipeline; GET /api/models/{model} shows how far it is.");
            }

            (DataTable? table, IReadOnlyList<string> problems) = RowReader.Read(rows, serving.Model.Signature, PredictionService.MaximumRows);
            if (table is null)
            {
                return Api.BadRequest($"The rows do not fit model '{model}' version {serving.Version.Number}. GET /v2/models/{model} lists its inputs.", problems);
            }

            IReadOnlyList<PredictionRecord> records = await predictions.PredictAsync(serving, table, key, RowReader.Companions(rows, serving.Model.Signature), cancellationToken);
            return Api.Json(new PredictResponse(model.Value, serving.Version.Number, [.. records.Select(record => Row(record, serving.Model.Signature))]));
        }
    }

    private static PredictedRow Row(PredictionRecord record, ModelSignature signature) => signature.Task == TaskKind.Regression
        ? new PredictedRow(record.Id, null, null, record.Scores[0], record.Version)
        : new PredictedRow(record.Id, record.Label, signature.Classes.Select((label, index) => (label, index)).ToDictionary(item => item.label, item => record.Scores[item.index]), null, record.Version);
}

/// <summary>The answer to a prediction request.</summary>
public sealed record PredictResponse(string Model, int Version, IReadOnlyList<PredictedRow> Predictions);

/// <summary>One predicted row.</summary>
/// <param name="Id">The prediction's id, for feedback and lineage.</param>
/// <param name="Label">The most probable class; absent for regression.</param>
/// <param name="Probabilities">The probability of each class; absent for regression.</param>
/// <param name="Value">The predicted number; absent for classification.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record PredictedRow(string Id, string? Label, IReadOnlyDictionary<string, float>? Probabilities, float? Value, int Version);
