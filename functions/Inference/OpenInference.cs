using System.Globalization;
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

/// <summary>The Open Inference Protocol, version 2 (REST): health, metadata, readiness and inference.</summary>
public sealed class OpenInference(PredictionService predictions)
{
    [Function("V2Live")]
    [RequireRole(Role.None)]
    public IResult Live([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/health/live")] HttpRequest request) => Results.Json(new { live = true });

    [Function("V2Ready")]
    [RequireRole(Role.None)]
    public IResult Ready([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/health/ready")] HttpRequest request) => Results.Json(new { ready = true });

    [Function("V2Server")]
    [RequireRole(Role.Reader, ChecksModels = true)]
    public IResult Server([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2")] HttpRequest request) =>
        Results.Json(new { name = "mlops-serverless", version = "2", extensions = Array.Empty<string>() });

    [Function("V2Model")]
    [RequireRole(Role.Reader)]
    public Task<IResult> Model([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/models/{name}")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithModelAsync(name, null, serving => Api.Json(Metadata(serving)), cancellationToken);

    [Function("V2ModelReady")]
    [RequireRole(Role.Reader)]
    public Task<IResult> ModelReady([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "v2/models/{name}/ready")] HttpRequest request, string name, CancellationToken cancellationToken) =>
        WithModelAsync(name, null, serving => Results.Json(new { name, ready = true }), cancellationToken);

    [Function("V2Infer")]
    [RequireRole(Role.Predictor)]
    public async Task<IResult> Infer([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "v2/models/{name}/infer")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        (JsonDocument? document, int status, string detail) = await Api.ReadDocumentAsync(request, Predict.MaximumBody, cancellationToken);
        if (document is null)
        {
            return Error(status, detail);
        }

        using (document)
        {
            string? key = Text(document.RootElement, "parameters", "key");
            if (!ModelName.TryParse(name, out ModelName model, out string? error))
            {
                return Error(StatusCodes.Status400BadRequest, error);
            }

            if (await predictions.FindAsync(model.Value, key, cancellationToken) is not { } serving)
            {
                return NoChampion(model);
            }

            (DataTable? table, IReadOnlyList<string> problems) = InferenceRequest.Read(document.RootElement, serving.Model.Signature, PredictionService.MaximumRows);
            if (table is null)
            {
                return Error(StatusCodes.Status400BadRequest, string.Join(" ", problems));
            }

            IReadOnlyList<PredictionRecord> records = await predictions.PredictAsync(serving, table, key, null, cancellationToken);
            return Results.Json(InferenceResponse.Of(serving, records, Text(document.RootElement, "id")), StorageJsonOptions);
        }
    }

    private static JsonSerializerOptions StorageJsonOptions { get; } = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private async Task<IResult> WithModelAsync(string name, string? key, Func<ServingModel, IResult> answer, CancellationToken cancellationToken)
    {
        if (!ModelName.TryParse(name, out ModelName model, out string? error))
        {
            return Error(StatusCodes.Status400BadRequest, error);
        }

        return await predictions.FindAsync(model.Value, key, cancellationToken) is { } serving ? answer(serving) : NoChampion(model);
    }

    private static object Metadata(ServingModel serving) => new
    {
        name = serving.Name,
        versions = new[] { serving.Version.Number.ToString(CultureInfo.InvariantCulture) },
        platform = "onnx_onnxv1",
        inputs = serving.Model.Signature.Inputs.Select(input => new { name = input.Name, datatype = InferenceRequest.Datatype(input.Kind), shape = new[] { -1, 1 } }),
        outputs = serving.Model.Signature.Task == TaskKind.Regression
            ? new object[] { new { name = "prediction", datatype = "FP32", shape = new[] { -1, 1 } } }
            : [new { name = "label", datatype = "BYTES", shape = new[] { -1 } }, new { name = serving.Model.Signature.Task == TaskKind.Anomaly ? "score" : "probabilities", datatype = "FP32", shape = new[] { -1, serving.Model.Signature.Width } }],
    };

    private static IResult NoChampion(ModelName model) => Error(StatusCodes.Status404NotFound, $"Model '{model}' has no champion. Drop data under data/{model}/ and wait for its pipeline.");

    private static IResult Error(int status, string text) => Results.Json(new { error = text }, statusCode: status);

    private static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.String && element.GetString() is { Length: <= 256 } text ? text : null;
    }
}
