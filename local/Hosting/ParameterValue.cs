using System.ComponentModel;
using System.Globalization;
using System.Text;
using Azure.Core.Serialization;

namespace Mlops.Local.Hosting;

/// <summary>Turns what a trigger or its binding data brings into a parameter's type: as it is, text, bytes, a simple value, or JSON.</summary>
internal static class ParameterValue
{
    public static object? Convert(object? value, Type target, ObjectSerializer serializer)
    {
        if (value is null)
        {
            return target.IsValueType && Nullable.GetUnderlyingType(target) is null
                ? throw new InvalidOperationException($"there is no value, and '{target}' cannot be null")
                : null;
        }

        if (target.IsInstanceOfType(value))
        {
            return value;
        }

        var simple = Nullable.GetUnderlyingType(target) ?? target;
        if (value is IFormattable or bool && simple == typeof(string))
        {
            return System.Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        if (value is IConvertible and not string && simple.IsPrimitive)
        {
            return System.Convert.ChangeType(value, simple, CultureInfo.InvariantCulture);
        }

        return value switch
        {
            BinaryData data => FromBytes(data, simple, serializer),
            byte[] bytes => FromBytes(BinaryData.FromBytes(bytes), simple, serializer),
            string text => FromText(text, simple, serializer),
            _ => throw new InvalidOperationException($"a value of type '{value.GetType()}' cannot become '{target}'"),
        };
    }

    private static object? FromBytes(BinaryData data, Type target, ObjectSerializer serializer) =>
        target == typeof(BinaryData) ? data
        : target == typeof(byte[]) ? data.ToArray()
        : target == typeof(Stream) ? data.ToStream()
        : target == typeof(ReadOnlyMemory<byte>) ? data.ToMemory()
        : FromText(data.ToString(), target, serializer);

    private static object? FromText(string text, Type target, ObjectSerializer serializer)
    {
        if (target == typeof(string))
        {
            return text;
        }

        if (target == typeof(byte[]) || target == typeof(BinaryData) || target == typeof(Stream))
        {
            return FromBytes(BinaryData.FromBytes(Encoding.UTF8.GetBytes(text)), target, serializer);
        }

        if (target.IsPrimitive || target.IsEnum || target == typeof(Guid) || target == typeof(DateTime) || target == typeof(DateTimeOffset) || target == typeof(TimeSpan) || target == typeof(decimal) || target == typeof(Uri))
        {
            return TypeDescriptor.GetConverter(target).ConvertFromInvariantString(text);
        }

        return serializer.Deserialize(new MemoryStream(Encoding.UTF8.GetBytes(text)), target, CancellationToken.None);
    }
}
