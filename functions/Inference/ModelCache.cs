using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Mlops.Core.Learning;
using Mlops.Core.Registry;
using Mlops.Functions.Hosting;
using Mlops.Storage;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Inference;

/// <summary>Loaded models by hash, as ONNX to answer and as trained to explain.</summary>
public sealed class ModelCache(RegistryStore registry, PipelineStore pipelines, ILogger<ModelCache> logger)
{
    // A model in use stays alive by its callers; one dropped here is freed when the last of them is done.
    private readonly LoadedOnce<OnnxModel> _models = new(16);

    // Few ask for explanations, and a trained model is several times as large as its ONNX file.
    private readonly LoadedOnce<FittedModel?> _trained = new(4);

    /// <summary>The loaded model of a version.</summary>
    public Task<OnnxModel> GetAsync(string model, ModelVersion version, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(version);
        string hash = version.Hash;
        return _models.GetAsync(
            hash,
            async () =>
            {
                // The last stop of a file's way: the model that came of it goes into service on this instance.
                Activity? request = Activity.Current;
                using Activity? activity = Telemetry.StartIn(await pipelines.FindAsync(version.Pipeline, CancellationToken.None), "load model")
                    ?.SetTag(Telemetry.ModelVersion, version.Number).SetTag(Telemetry.Run, version.Run);
                using IDisposable? scope = Log.Scope(logger, model, version.Number, version.Run, version.Pipeline);
                long started = Stopwatch.GetTimestamp();
                BinaryData onnx = await registry.ReadModelAsync(model, hash, CancellationToken.None);
                string found = Convert.ToHexStringLower(SHA256.HashData(onnx.ToMemory().Span));
                if (found != hash)
                {
                    throw new StoredDataException($"The model file of '{model}' has the SHA-256 {found}; expected {hash}, under which it was registered. It was changed: restore it, or roll back with POST /api/models/{model}/rollback.");
                }

                OnnxModel loaded = new(onnx.ToArray());
                Log.ModelLoaded(logger, model, hash[..12], (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                request?.AddEvent(new ActivityEvent("model loaded", tags: new ActivityTagsCollection { [Telemetry.ModelVersion] = version.Number }));
                return loaded;
            },
            cancellationToken);
    }

    /// <summary>The trained model that the ONNX file of that hash was exported from, or null when none was kept.</summary>
    public Task<FittedModel?> FindTrainedAsync(string model, string hash, CancellationToken cancellationToken) =>
        _trained.GetAsync(
            hash,
            async () => await registry.FindTrainedAsync(model, hash, CancellationToken.None) is { } json ? Parse(model, hash, json) : null,
            cancellationToken);

    private static FittedModel Parse(string model, string hash, string json)
    {
        try
        {
            return FittedModel.FromJson(json);
        }
        catch (FormatException exception)
        {
            throw new StoredDataException($"Blob '{StorageNames.Models}/{model}/{hash}.json' is damaged: {exception.Message} Restore an earlier version of it; predictions do not need it.");
        }
    }
}
