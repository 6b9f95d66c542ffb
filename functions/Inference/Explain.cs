using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Serving;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Inference;

/// <summary>
/// <c>POST /api/models/{name}/explain</c>: rows as for a prediction in, what each column contributed to each row's score out. Nothing is logged as a
/// prediction. The version is the one that would answer the key, or the one that <c>version</c> asks for.
/// </summary>
public sealed class Explain(PredictionService predictions, RowExplainer explainer)
{
    [Function(nameof(Explain))]
    [RequireRole(Role.Predictor)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/models/{name}/explain")] HttpRequest request,
        string name,
        CancellationToken cancellationToken)
    {
        if (!Api.TryModel(name, out ModelName model, out IResult problem))
        {
            return problem;
        }

        (JsonDocument? document, problem) = await Api.ReadJsonAsync(request, Predict.MaximumBody, cancellationToken);
        if (document is null)
        {
            return problem;
        }

        using (document)
        {
            if (!RowsBody.TryRead(document.RootElement, out JsonElement rows, out string? key, out problem) || !TryVersion(document.RootElement, out int? number, out problem))
            {
                return problem;
            }

            ServingModel? serving = number is { } asked
                ? await predictions.FindVersionAsync(model.Value, asked, cancellationToken)
                : await predictions.FindAsync(model.Value, key, cancellationToken);
            if (serving is null)
            {
                return Api.NotFound(number is null
                    ? $"Model '{model}' has no champion. Drop data under data/{model}/ and wait for its pipeline; GET /api/models/{model} shows how far it is."
                    : $"Model '{model}' has no version {number}. GET /api/models/{model} lists its versions.");
            }

            (DataTable? table, IReadOnlyList<string> problems) = RequestRows.Read(rows, serving.Model.Signature, PredictionService.MaximumRows, RowExplainer.RowsFor(serving));
            if (table is null)
            {
                return Api.BadRequest($"The rows do not fit model '{model}' version {serving.Version.Number}. GET /v2/models/{model} lists its inputs.", problems);
            }

            return await explainer.ExplainAsync(serving, table, cancellationToken) is { } explained
                ? Api.Json(explained)
                : Api.Conflict($"Version {serving.Version.Number} of model '{model}' was registered without what explains it. Train again with POST /api/models/{model}/retrain; later versions explain themselves.");
        }
    }

    private static bool TryVersion(JsonElement body, out int? version, out IResult problem)
    {
        version = null;
        problem = Results.Empty;
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("version", out JsonElement element) && element.ValueKind != JsonValueKind.Null)
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int number) || number < 1)
            {
                problem = Api.BadRequest("version: expected a whole number from 1, as GET /api/models/{name} lists them.");
                return false;
            }

            version = number;
        }

        return true;
    }
}

/// <summary>The answer to a request for explanations.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version that is explained.</param>
/// <param name="Scale">
/// What the scores are. <c>logOdds</c>: of the named class, p = 1 / (1 + e⁻ˢ). <c>logShare</c>: one score per class, pₖ = eˢᵏ / Σ eˢʲ.
/// <c>probability</c>: of the named class. <c>value</c>: the predicted number. <c>logValue</c>: its logarithm. <c>logScore</c>: the logarithm of an anomaly score.
/// <c>change</c>: a forecast less the last known value. Where probabilities are calibrated
/// (<c>calibration</c> of the trainer), the scores are those before.
/// </param>
/// <param name="Explanations">Per row, in the order of the request.</param>
public sealed record ExplainResponse(string Model, int Version, string Scale, IReadOnlyList<ExplainedRow> Explanations);

/// <summary>One explained row.</summary>
/// <param name="Scores">One for a number and for two classes, else one per class.</param>
public sealed record ExplainedRow(IReadOnlyList<ExplainedScore> Scores);

/// <summary>Why a raw score is what it is.</summary>
/// <param name="Label">The class it speaks for; absent for regression.</param>
/// <param name="Base">What the model says when no column is known.</param>
/// <param name="Score">The raw score: base + the sum of the values.</param>
/// <param name="Values">Per column its Shapley value.</param>
public sealed record ExplainedScore(string? Label, double Base, double Score, IReadOnlyDictionary<string, double> Values);
