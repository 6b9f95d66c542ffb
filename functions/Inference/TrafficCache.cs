using System.Collections.Concurrent;
using Mlops.Core.Registry;
using Mlops.Core.Traffic;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Inference;

/// <summary>Who serves a model, read again every two seconds: a switch is seen by every instance well within ten.</summary>
public sealed class TrafficCache(RegistryStore registry, TimeProvider time)
{
    /// <summary>How old a traffic policy may be when it is used.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(2);

    // Names come from outside: the cache may not grow with them.
    private const int MaximumModels = 1_000;
    private readonly ConcurrentDictionary<string, Cached> _policies = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Model, int Number), ModelVersion> _versions = new();

    /// <summary>The policy of a model, or null while it has no champion.</summary>
    public async Task<TrafficPolicy?> FindAsync(string model, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_policies.TryGetValue(model, out Cached? cached) && now - cached.Read < MaximumAge)
        {
            return cached.Policy;
        }

        TrafficPolicy? policy = await registry.FindTrafficAsync(model, cancellationToken);
        if (_policies.Count >= MaximumModels)
        {
            _policies.Clear();
        }

        _policies[model] = new Cached(policy, now);
        return policy;
    }

    /// <summary>A version: read once, as all but its state is immutable.</summary>
    public async Task<ModelVersion> GetVersionAsync(string model, int number, CancellationToken cancellationToken)
    {
        if (_versions.TryGetValue((model, number), out ModelVersion? version))
        {
            return version;
        }

        version = await registry.FindVersionAsync(model, number, cancellationToken)
            ?? throw new Storage.StoredDataException($"Version {number} of model '{model}' is missing from the registry although traffic points at it. Roll back with POST /api/models/{model}/rollback.");
        if (_versions.Count >= MaximumModels)
        {
            _versions.Clear();
        }

        return _versions.GetOrAdd((model, number), version);
    }

    private sealed record Cached(TrafficPolicy? Policy, DateTimeOffset Read);
}
