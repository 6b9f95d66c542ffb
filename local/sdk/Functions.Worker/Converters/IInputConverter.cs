namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Turns what a binding brings into a parameter's type.</summary>
public interface IInputConverter
{
    /// <summary>Converts, or says that it cannot.</summary>
    ValueTask<ConversionResult> ConvertAsync(ConverterContext context);
}
