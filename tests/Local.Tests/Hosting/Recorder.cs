using System.Threading.Channels;

namespace Mlops.Local.Tests.Hosting;

/// <summary>What test functions saw, in order.</summary>
public sealed class Recorder
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Channel<object> _seen = Channel.CreateUnbounded<object>();
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(object seen)
    {
        Interlocked.Increment(ref _count);
        _seen.Writer.TryWrite(seen);
    }

    /// <summary>The next thing seen.</summary>
    public async Task<T> NextAsync<T>()
    {
        using var patience = new CancellationTokenSource(s_patience);
        return (T)await _seen.Reader.ReadAsync(patience.Token);
    }
}
