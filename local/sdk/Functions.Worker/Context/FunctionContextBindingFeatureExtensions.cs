using Microsoft.Azure.Functions.Worker.Context.Features;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Access of middleware to what a function returned.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>The function's result; its value is set once the next middleware has completed.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => new Result(Feature(context));

    /// <summary>The function's result as <typeparamref name="T"/>.</summary>
    /// <exception cref="InvalidOperationException">The result is of another type.</exception>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => new Result<T>(Feature(context));

    private static IInvocationResultFeature Feature(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<IInvocationResultFeature>()
            ?? throw new InvalidOperationException("The function context has no invocation result. It is available while the host runs the function.");
    }

    private sealed class Result(IInvocationResultFeature feature) : InvocationResult
    {
        public override object? Value
        {
            get => feature.Value;
            set => feature.Value = value;
        }
    }

    private sealed class Result<T>(IInvocationResultFeature feature) : InvocationResult<T>
    {
        public override T? Value
        {
            get => feature.Value switch
            {
                null => default,
                T value => value,
                var other => throw new InvalidOperationException($"The invocation result is of type '{other.GetType()}'; expected '{typeof(T)}'."),
            };
            set => feature.Value = value;
        }
    }
}
