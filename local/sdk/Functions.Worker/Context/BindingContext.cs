namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the trigger said about an invocation.</summary>
public abstract class BindingContext
{
    /// <summary>Values by name: route values, parts of a blob's path, properties of a message.</summary>
    public abstract IReadOnlyDictionary<string, object?> BindingData { get; }
}
