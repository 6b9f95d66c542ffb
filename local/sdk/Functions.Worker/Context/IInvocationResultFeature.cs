namespace Microsoft.Azure.Functions.Worker.Context.Features;

/// <summary>Holds what the function returned between the function and the outputs.</summary>
internal interface IInvocationResultFeature
{
    object? Value { get; set; }
}
