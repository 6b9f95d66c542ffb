using Microsoft.Azure.Functions.Worker;

namespace Mlops.Functions.Hosting;

/// <summary>An invocation with another token: the worker's own fires when the host gives up, not when we do.</summary>
internal sealed class StoppableContext(FunctionContext inner, CancellationToken stop) : FunctionContext
{
    public override CancellationToken CancellationToken { get; } = stop;

    public override string InvocationId => inner.InvocationId;

    public override string FunctionId => inner.FunctionId;

    public override TraceContext TraceContext => inner.TraceContext;

    public override BindingContext BindingContext => inner.BindingContext;

    public override RetryContext RetryContext => inner.RetryContext;

    public override FunctionDefinition FunctionDefinition => inner.FunctionDefinition;

    public override IInvocationFeatures Features => inner.Features;

    public override IServiceProvider InstanceServices
    {
        get => inner.InstanceServices;
        set => inner.InstanceServices = value;
    }

    public override IDictionary<object, object> Items
    {
        get => inner.Items;
        set => inner.Items = value;
    }
}
