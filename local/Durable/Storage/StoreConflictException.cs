namespace Mlops.Local.Durable.Storage;

/// <summary>Another process has changed the instance since it was read.</summary>
internal sealed class StoreConflictException(string instanceId, Exception? inner = null)
    : Exception($"Instance '{instanceId}' has been changed by another process since it was read.", inner);
