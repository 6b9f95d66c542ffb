using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;
using Mlops.Core.Serving;
using Mlops.Functions.Access;
using Mlops.Functions.Hosting;
using Mlops.Storage.Inference;

namespace Mlops.Functions.Inference;

/// <summary><c>POST /api/models/{name}/predict</c>: rows as JSON objects in, one prediction per row out. A forecast takes the newest rows of each series and answers with the steps after them.</summary>
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

            (DataTable? table, IReadOnlyList<string> problems) = RequestRows.Read(rows, serving.Model.Signature, PredictionService.MaximumRows, PredictionService.MaximumRows);
            if (table is null)
            {
                return Api.BadRequest($"The rows do not fit model '{model}' version {serving.Version.Number}. GET /v2/models/{model} lists its inputs.", problems);
            }

            IReadOnlyList<PredictionRecord> records = await predictions.PredictAsync(serving, table, key, serving.Model.Signature.Forecast is null ? RowReader.Companions(rows, serving.Model.Signature) : null, cancellationToken);
            return Api.Json(new PredictResponse(model.Value, serving.Version.Number, [.. records.Select(record => Row(record, serving.Model.Signature))]));
        }
    }

    private static PredictedRow Row(PredictionRecord record, ModelSignature signature)
    {
        PredictedRow row = new(record.Id, record.Label, null, null, record.Version);
        return signature switch
        {
            { Forecast: { } plan } => Forecast(row, record, plan, signature.Intervals),
            { Task: TaskKind.Regression } => row with { Value = record.Scores[0] },
            { Task: TaskKind.Anomaly } => row with { Score = record.Scores[0] },
            _ => row with { Probabilities = signature.Classes.Select((label, index) => (label, index)).ToDictionary(item => item.label, item => record.Scores[item.index]) },
        };
    }

    private static PredictedRow Forecast(PredictedRow row, PredictionRecord record, ForecastPlan plan, ForecastIntervals? intervals)
    {
        string? series = plan.Series is null ? null : record.Inputs[plan.Series]?.GetValue<string>();
        (double Lower, double Upper)? interval = intervals?.Around(record.Scores[0], (int)(record.Inputs[plan.Steps]?.GetValue<double>() ?? 1), series);
        return row with { Value = record.Scores[0], Lower = (float?)interval?.Lower, Upper = (float?)interval?.Upper, Time = record.Inputs[plan.Time]?.GetValue<string>(), Series = series };
    }
}

/// <summary>The answer to a prediction request.</summary>
public sealed record PredictResponse(string Model, int Version, IReadOnlyList<PredictedRow> Predictions);

/// <summary>One predicted row.</summary>
/// <param name="Id">The prediction's id, for feedback and lineage.</param>
/// <param name="Label">The most probable class, or the one that the costs in <c>decision</c> choose; <c>ordinary</c> or <c>anomalous</c>; absent for numbers.</param>
/// <param name="Probabilities">The probability of each class; only for classification.</param>
/// <param name="Value">The predicted number; only for regression and forecasts.</param>
/// <param name="Version">The model version that answered.</param>
public sealed record PredictedRow(string Id, string? Label, IReadOnlyDictionary<string, float>? Probabilities, float? Value, int Version)
{
    /// <summary>How unusual the row is, 0 … 1; only for anomalies.</summary>
    public float? Score { get; init; }

    /// <summary>Where the interval begins that holds the true value four times in five; only for forecasts.</summary>
    public float? Lower { get; init; }

    /// <summary>Where it ends.</summary>
    public float? Upper { get; init; }

    /// <summary>The time that the value is forecast for; only for forecasts.</summary>
    public string? Time { get; init; }

    /// <summary>The series that the value belongs to; only for forecasts of several series.</summary>
    public string? Series { get; init; }
}
