namespace Mlops.Core.Data;

/// <summary>Appends without copying what is there: memory peaks at twice the content, when it becomes one array, unless it fills its first chunk exactly.</summary>
/// <param name="capacity">Values that are certainly expected.</param>
internal sealed class ChunkedList<T>(int capacity)
{
    private const int ChunkSize = 16 * 1024;

    private readonly List<T[]> _full = [];
    private T[] _current = GC.AllocateUninitializedArray<T>(Math.Clamp(capacity, 256, ChunkSize));
    private int _used;

    public int Count => (_full.Count * ChunkSize) + _used;

    public void Add(T value)
    {
        if (_used == _current.Length)
        {
            Grow();
        }

        _current[_used++] = value;
    }

    public void Add(T value, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Add(value);
        }
    }

    /// <summary>The content as one array; the list is not to be used any more.</summary>
    public T[] TakeArray()
    {
        if (Count == _current.Length)
        {
            return _current;
        }

        T[] all = GC.AllocateUninitializedArray<T>(Count);
        int at = 0;
        foreach (T[] chunk in _full)
        {
            chunk.CopyTo(all, at);
            at += ChunkSize;
        }

        _current.AsSpan(0, _used).CopyTo(all.AsSpan(at));
        return all;
    }

    private void Grow()
    {
        if (_current.Length < ChunkSize)
        {
            Array.Resize(ref _current, Math.Min(_current.Length * 2, ChunkSize));
            return;
        }

        _full.Add(_current);
        _current = GC.AllocateUninitializedArray<T>(ChunkSize);
        _used = 0;
    }
}
