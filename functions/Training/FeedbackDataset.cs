using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Registry;
using Mlops.Core.Serving;
using Mlops.Core.Statistics;
using Mlops.Core.Validation;
using Mlops.Functions.Inference;
using Mlops.Storage.Datasets;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Lineage;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Training;

/// <summary>Joins predictions with their labels and keeps the result as a dataset version: JSON lines, in the order of the prediction ids.</summary>
public sealed class FeedbackDataset(RegistryStore registry, PredictionLog predictions, FeedbackStore feedback, DatasetStore datasets, ModelCache models, LineageStore lineage, TimeProvider time)
{
    /// <summary>How far back labelled predictions are looked for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>Labelled rows taken at most: those of the newest hours.</summary>
    public const int MaximumRows = 200_000;

    /// <summary>The source of such a dataset version.</summary>
    public const string Source = "labelled predictions";

    /// <summary>Makes the dataset version. Returns what was found, in words.</summary>
    public async Task<string> CreateAsync(string model, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ModelRecord record = await registry.ReadAsync(model, cancellationToken);
        if (record.Traffic is not { } traffic)
        {
            return "no champion yet, so nothing was predicted";
        }

        DateTimeOffset from = record.Versions[0].Created > now - Window ? record.Versions[0].Created : now - Window;
        SortedDictionary<string, string>? lines = await JoinAsync(model, record.Find(traffic.Champion)!, from, now, cancellationToken);
        if (lines is null)
        {
            return "no labels came in";
        }

        return lines.Count == 0 ? "no label belongs to a logged prediction" : await KeepAsync(model, [.. lines.Values], cancellationToken);
    }

    // Hour by hour from the newest: memory holds the rows that are kept and the labels of one hour; hours without labels cost one query.
    private async Task<SortedDictionary<string, string>?> JoinAsync(string model, ModelVersion champion, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken)
    {
        SortedDictionary<string, string>? lines = null;
        ModelSignature? signature = null;
        for (DateTimeOffset hour = PredictionId.HourOf(now); hour > from.AddHours(-1); hour = hour.AddHours(-1))
        {
            IReadOnlyDictionary<string, string> labels = await feedback.ReadAsync(model, hour, hour, cancellationToken);
            if (labels.Count == 0)
            {
                continue;
            }

            lines ??= new(StringComparer.Ordinal);
            signature ??= (await models.GetAsync(model, champion, cancellationToken)).Signature;
            await foreach (PredictionRecord prediction in predictions.ReadAsync(model, from > hour ? from : hour, hour.AddHours(1).AddTicks(-1), cancellationToken))
            {
                if (labels.TryGetValue(prediction.Id, out string? label) && Line(prediction, signature, label) is { } line)
                {
                    lines[prediction.Id] = line;
                }

                if (lines.Count == MaximumRows)
                {
                    return lines;
                }
            }
        }

        return lines;
    }

    private async Task<string> KeepAsync(string model, string[] lines, CancellationToken cancellationToken)
    {
        byte[] content = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
        string blob = $"{model}/files/{sha256}";
        await datasets.WriteFileAsync(blob, new MemoryStream(content), cancellationToken);
        BatchRead read = await BatchReader.ReadAsync(new MemoryStream(content), BatchFormat.JsonLines, BatchLimits.Default, Validator.KindsFor(await datasets.FindContractAsync(model, cancellationToken), ModelConfiguration.Default), cancellationToken);
        DataTable table = read.Table ?? throw new PipelineException($"Labelled predictions of '{model}' cannot be read back: {string.Join(" ", read.Problems.Take(3))}");
        DatasetManifest manifest = new(model, [new DatasetFile(blob, BatchFormat.JsonLines, sha256, content.Length, table.RowCount)]);
        await datasets.AddAsync(manifest, TableProfile.Of(table), Source, cancellationToken);
        await lineage.AddAsync([new LineageEdge($"feedback:{model}", "became", manifest.Id)], cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"{lines.Length} labelled predictions as dataset version {manifest.Id}");
    }

    // Null for a label that is no number where one is predicted: one caller's mistake must not keep the model from learning from the others.
    private static string? Line(PredictionRecord prediction, ModelSignature signature, string label)
    {
        JsonValue value = JsonValue.Create(label);
        if (signature.Task == Core.Learning.TaskKind.Regression)
        {
            if (!double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            {
                return null;
            }

            value = JsonValue.Create(number);
        }

        JsonObject row = prediction.Inputs.DeepClone().AsObject();
        if (signature.Forecast is { } plan)
        {
            // What was asked about is made of a series: the label is that series' value at that time.
            row = new JsonObject(row.Where(input => input.Key == plan.Time || input.Key == plan.Series).Select(input => KeyValuePair.Create(input.Key, input.Value?.DeepClone())));
        }

        row[signature.Target] = value;
        if (signature.Weight is { } weight && row[weight] is null)
        {
            // Callers ask about rows without saying how much they count.
            row[weight] = 1;
        }

        return row.ToJsonString();
    }
}
