using System.Collections.Concurrent;

namespace Mlops.Local.Durable.Engine;

/// <summary>Tells waiters that an instance's row has changed.</summary>
internal sealed class InstanceSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change. Take it before reading the row, so that no change is missed.</summary>
    public Task NextChange(string instanceId)
        => _waiting.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (_waiting.TryRemove(instanceId, out var source))
        {
            source.TrySetResult();
        }
    }
}
