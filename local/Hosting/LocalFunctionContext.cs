using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Context.Features;

namespace Mlops.Local.Hosting;

/// <summary>One invocation in the embedded host.</summary>
internal sealed class LocalFunctionContext : FunctionContext, IInvocationResultFeature
{
    public LocalFunctionContext(FunctionDescriptor function, object? triggerValue, IReadOnlyDictionary<string, object?> bindingData, IServiceProvider services, CancellationToken cancellationToken)
    {
        Function = function;
        TriggerValue = triggerValue;
        BindingContext = new Bindings(bindingData);
        InstanceServices = services;
        CancellationToken = cancellationToken;
        FunctionDefinition = LocalFunctionDefinition.Of(function);
        Features.Set<IInvocationResultFeature>(this);
        Features.Set(this);
    }

    public FunctionDescriptor Function { get; }

    public object? TriggerValue { get; set; }

    /// <summary>Runs with the function's result after middleware and outputs, while the invocation's services still live.</summary>
    public Func<object?, Task>? Completing { get; set; }

    public override string InvocationId { get; } = Guid.NewGuid().ToString();

    public override string FunctionId => FunctionDefinition.Id;

    public override TraceContext TraceContext { get; } = new Trace(Activity.Current);

    public override BindingContext BindingContext { get; }

    // The official type is not nullable, yet null means "no retry policy" there too.
    public override RetryContext RetryContext => Retry!;

    public RetryContext? Retry { get; set; }

    public override IServiceProvider InstanceServices { get; set; }

    public override FunctionDefinition FunctionDefinition { get; }

    public override IDictionary<object, object> Items { get; set; } = new Dictionary<object, object>();

    public override IInvocationFeatures Features { get; } = new InvocationFeatures();

    public override CancellationToken CancellationToken { get; }

    object? IInvocationResultFeature.Value { get; set; }

    private sealed class Bindings(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData { get; } = data;
    }

    private sealed class Trace(Activity? activity) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? "";

        public override string TraceState { get; } = activity?.TraceStateString ?? "";
    }
}
