using System.Collections;
using Azure.Core.Serialization;

namespace Mlops.Local.Outputs;

/// <summary>What a returned value is on the wire.</summary>
internal static class OutputContent
{
    /// <summary>Text and bytes as they are, anything else as JSON.</summary>
    public static BinaryData Of(object value, ObjectSerializer serializer) => value switch
    {
        BinaryData data => data,
        byte[] bytes => BinaryData.FromBytes(bytes),
        string text => BinaryData.FromString(text),
        _ => serializer.Serialize(value, value.GetType(), CancellationToken.None),
    };

    /// <summary>The elements of a sequence; a text, bytes, a dictionary or any other value is one element.</summary>
    public static IEnumerable<object> Each(object value) =>
        value is IEnumerable sequence and not (string or byte[] or BinaryData or IDictionary) ? sequence.Cast<object?>().OfType<object>() : [value];
}
