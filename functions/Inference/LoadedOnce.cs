using System.Collections.Concurrent;

namespace Mlops.Functions.Inference;

/// <summary>Values by hash: each is loaded once, and whoever asks meanwhile waits for it. The least recently used are dropped.</summary>
/// <param name="capacity">Values kept at most.</param>
internal sealed class LoadedOnce<T>(int capacity)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>The value of that hash.</summary>
    /// <param name="hash">What names it.</param>
    /// <param name="load">Loads it. Not cancelled with the first caller: others wait for the same value. When it fails, the next caller tries again.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<T> GetAsync(string hash, Func<Task<T>> load, CancellationToken cancellationToken)
    {
        Entry entry = _entries.GetOrAdd(hash, _ => new Entry(new Lazy<Task<T>>(() => LoadAsync(hash, load))));
        entry.LastUse = Interlocked.Increment(ref _clock);
        return entry.Value.Value.WaitAsync(cancellationToken);
    }

    private async Task<T> LoadAsync(string hash, Func<Task<T>> load)
    {
        try
        {
            T value = await load();
            Trim();
            return value;
        }
        catch
        {
            _entries.TryRemove(hash, out _);
            throw;
        }
    }

    private void Trim()
    {
        foreach (KeyValuePair<string, Entry> oldest in _entries.OrderBy(entry => entry.Value.LastUse).Take(_entries.Count - capacity))
        {
            _entries.TryRemove(oldest);
        }
    }

    private sealed class Entry(Lazy<Task<T>> value)
    {
        public Lazy<Task<T>> Value { get; } = value;

        public long LastUse { get; set; }
    }
}
