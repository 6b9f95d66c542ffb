namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Names the converter of a parameter or of a parameter's type.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Struct)]
public class InputConverterAttribute : Attribute
{
    /// <summary>Sets the converter, an <see cref="IInputConverter"/>.</summary>
    public InputConverterAttribute(Type converterType) => ConverterType = converterType ?? throw new ArgumentNullException(nameof(converterType));

    /// <summary>The converter.</summary>
    public Type ConverterType { get; }
}
