namespace Microsoft.Azure.Functions.Worker;

/// <summary>One binding of a function.</summary>
public abstract class BindingMetadata
{
    /// <summary>Name of the parameter or property; <c>$return</c> for a return value.</summary>
    public abstract string Name { get; }

    /// <summary>Kind of binding, such as <c>httpTrigger</c> or <c>queue</c>.</summary>
    public abstract string Type { get; }

    /// <summary>Input or output.</summary>
    public abstract BindingDirection Direction { get; }
}
