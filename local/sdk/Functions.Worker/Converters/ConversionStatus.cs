namespace Microsoft.Azure.Functions.Worker.Converters;

/// <summary>Outcome of a conversion.</summary>
public enum ConversionStatus
{
    /// <summary>The converter does not deal with this value.</summary>
    Unhandled = 0,

    /// <summary>Converted.</summary>
    Succeeded = 1,

    /// <summary>The value cannot be converted.</summary>
    Failed = 2,
}
