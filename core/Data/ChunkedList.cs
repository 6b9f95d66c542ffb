namespace Mlops.Core.Data;

/// <summary>Appends without copying what is there: memory peaks at twice the content, when it becomes one array.</summary>
internal sealed class ChunkedList<T>
{
    private const int ChunkSize = 16 * 1024;

    private readonly List<T[]> _full = [];
    private T[] _current = new T[256];
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

    public T[] ToArray()
    {
        T[] all = new T[Count];
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
            Array.Resize(ref _current, _current.Length * 2);
            return;
        }

        _full.Add(_current);
        _current = new T[ChunkSize];
        _used = 0;
    }
}
