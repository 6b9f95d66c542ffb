namespace Mlops.TestKit.Running;

/// <summary>A span as an OpenTelemetry collector gets it.</summary>
/// <param name="Trace">The trace id, in hexadecimal digits.</param>
/// <param name="Name">The name.</param>
/// <param name="Attributes">Attributes with texts and whole numbers, as text.</param>
/// <param name="Links">Trace ids of the linked spans.</param>
public sealed record RecordedSpan(string Trace, string Name, IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Links)
{
    /// <summary>An attribute's value, or null.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);
}
