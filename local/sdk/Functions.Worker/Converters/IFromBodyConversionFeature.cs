namespace Microsoft.Azure.Functions.Worker.Extensions.Http.Converters;

/// <summary>Reads the body of the request as a type.</summary>
public interface IFromBodyConversionFeature
{
    /// <summary>Reads the body.</summary>
    ValueTask<object?> ConvertAsync(FunctionContext context, Type targetType);
}
