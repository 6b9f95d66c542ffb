namespace Microsoft.Azure.Functions.Worker;

/// <summary>Features of one invocation, by type.</summary>
public interface IInvocationFeatures : IEnumerable<KeyValuePair<Type, object>>
{
    /// <summary>Sets a feature, in place of an earlier one of the same type.</summary>
    void Set<T>(T instance);

    /// <summary>The feature of a type; null when there is none.</summary>
    T? Get<T>();
}
