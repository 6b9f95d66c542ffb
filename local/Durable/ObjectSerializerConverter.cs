using System.Text;
using Azure.Core.Serialization;
using Microsoft.DurableTask;

namespace Mlops.Local.Durable;

/// <summary>Payloads by the worker's serializer, as the real extension writes them.</summary>
internal sealed class ObjectSerializerConverter(ObjectSerializer serializer) : DataConverter
{
    public override string? Serialize(object? value)
        => value is null ? null : serializer.Serialize(value, value.GetType(), CancellationToken.None).ToString();

    public override object? Deserialize(string? data, Type targetType)
        => data is null ? null : serializer.Deserialize(new MemoryStream(Encoding.UTF8.GetBytes(data), writable: false), targetType, CancellationToken.None);
}
