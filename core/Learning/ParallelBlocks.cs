using System.Runtime.ExceptionServices;

namespace Mlops.Core.Learning;

/// <summary>
/// Work in blocks for a few threads. Growing trees hands out thousands of small pieces, for which <see cref="Parallel"/> would make
/// garbage of a few kilobytes each; this makes one small object. Threads are the pool's; the caller works too, so a busy pool only means fewer hands.
/// </summary>
internal sealed class ParallelBlocks : IThreadPoolWorkItem
{
    private readonly Action<int> _work;
    private readonly int _count;
    private int _next;
    private int _done;
    private ExceptionDispatchInfo? _error;

    private ParallelBlocks(int count, Action<int> work)
    {
        _count = count;
        _work = work;
    }

    /// <summary>Does the work of blocks 0 … count − 1, each once, in any order.</summary>
    /// <param name="count">Blocks, ≥ 0.</param>
    /// <param name="threads">Threads at most, ≥ 1.</param>
    /// <param name="work">The work of one block. When it throws, the other blocks are done and the first error is thrown again.</param>
    public static void Do(int count, int threads, Action<int> work)
    {
        ParallelBlocks blocks = new(count, work);
        for (int t = 1; t < Math.Min(threads, count); t++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(blocks, preferLocal: false);
        }

        blocks.Execute();
        blocks.Wait();
        blocks._error?.Throw();
    }

    /// <summary>Takes blocks until none is left.</summary>
    public void Execute()
    {
        for (int block = Interlocked.Increment(ref _next) - 1; block < _count; block = Interlocked.Increment(ref _next) - 1)
        {
            try
            {
                _work(block);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(error), null);
            }

            if (Interlocked.Increment(ref _done) == _count)
            {
                lock (this)
                {
                    Monitor.PulseAll(this);
                }
            }
        }
    }

    private void Wait()
    {
        lock (this)
        {
            while (Volatile.Read(ref _done) < _count)
            {
                Monitor.Wait(this);
            }
        }
    }
}
