namespace Microsoft.Azure.Functions.Worker;

/// <summary>Whether a binding brings a value to the function or takes one from it.</summary>
public enum BindingDirection
{
    /// <summary>To the function.</summary>
    In = 0,

    /// <summary>From the function.</summary>
    Out = 1,
}
