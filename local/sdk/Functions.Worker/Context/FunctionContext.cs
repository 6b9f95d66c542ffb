namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Unique id of this invocation.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Id of the function, stable over restarts.</summary>
    public abstract string FunctionId { get; }

    /// <summary>W3C trace context of the caller.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger said about this invocation.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>The retry in progress; null when the function has no retry policy.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>Services of this invocation's scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function invoked.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>Values that middleware and function share for this invocation.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Features of this invocation.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the host stops or the function's time is up.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
