using System.Collections;
using Microsoft.Azure.Functions.Worker.Converters;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The converters that parameters are bound by: each is asked in turn, the first that handles a parameter binds it.</summary>
public sealed class InputConverterCollection : IEnumerable<Type>
{
    private readonly List<Type> _converters = [];

    /// <summary>Adds a converter that is asked after all others.</summary>
    public void Register<T>()
        where T : IInputConverter => _converters.Add(typeof(T));

    /// <summary>Adds a converter in a place.</summary>
    public void RegisterAt<T>(int index)
        where T : IInputConverter => _converters.Insert(index, typeof(T));

    /// <summary>Removes all converters.</summary>
    public void Clear() => _converters.Clear();

    /// <summary>The converters in the order in which they are asked.</summary>
    public IEnumerator<Type> GetEnumerator() => _converters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
