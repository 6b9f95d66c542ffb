using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Inference;

/// <summary>Loaded models by hash: each is read and loaded once, and whoever asks meanwhile waits for it.</summary>
public sealed class ModelCache(RegistryStore registry, ILogger<ModelCache> logger)
{
    // A model in use stays alive by its callers; one dropped here is freed when the last of them is done.
    private const int Capacity = 16;
    private readonly ConcurrentDictionary<string, Entry> _models = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>The model of that hash.</summary>
    public Task<OnnxModel> GetAsync(string model, string hash, CancellationToken cancellationToken)
    {
        Entry entry = _models.GetOrAdd(hash, _ => new Entry(new Lazy<Task<OnnxModel>>(() => LoadAsync(model, hash))));
        entry.LastUse = Interlocked.Increment(ref _clock);
        return entry.Model.Value.WaitAsync(cancellationToken);
    }

    // Not cancelled with the first caller: others wait for the same model.
    private async Task<OnnxModel> LoadAsync(string model, string hash)
    {
        try
        {
            long started = Stopwatch.GetTimestamp();
            BinaryData onnx = await registry.ReadModelAsync(model, hash, CancellationToken.None);
            OnnxModel loaded = new(onnx.ToArray());
            Log.ModelLoaded(logger, model, hash[..12], (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            Trim();
            return loaded;
        }
        catch
        {
            // The next request tries again.
            _models.TryRemove(hash, out _);
            throw;
        }
    }

    private void Trim()
    {
        foreach (KeyValuePair<string, Entry> oldest in _models.OrderBy(entry => entry.Value.LastUse).Take(_models.Count - Capacity))
        {
            _models.TryRemove(oldest);
        }
    }

    private sealed class Entry(Lazy<Task<OnnxModel>> model)
    {
        public Lazy<Task<OnnxModel>> Model { get; } = model;

        public long LastUse { get; set; }
    }
}
