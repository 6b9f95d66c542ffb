#nullable enable
using System.Globalization;

namespace Azure.Data.Tables;

/// <summary>Values as literals of an OData filter.</summary>
internal static class ODataLiteral
{
    /// <exception cref="NotSupportedException">A table cannot be filtered by a value of this type, or by null.</exception>
    internal static string Of(object? value) => value switch
    {
        string s => Quoted(s),
        Enum e => Quoted(e.ToString()),
        bool b => b ? "true" : "false",
        int n => n.ToString(CultureInfo.InvariantCulture),
        long n => n.ToString(CultureInfo.InvariantCulture) + "L",
        ulong n => unchecked((long)n).ToString(CultureInfo.InvariantCulture) + "L",
        float d => Double(d),
        double d => Double(d),
        Guid g => $"guid'{g}'",
        DateTimeOffset t => Date(t.UtcDateTime),
        DateTime { Kind: DateTimeKind.Utc } t => Date(t),
        DateTime t => Date(t.ToUniversalTime()),
        byte[] b => $"X'{Convert.ToHexString(b)}'",
        BinaryData b => $"X'{Convert.ToHexString(b.ToMemory().Span)}'",
        null => throw new NotSupportedException("A table filter cannot compare with null: the service stores no nulls."),
        _ => throw new NotSupportedException($"A table filter cannot compare with a value of type {value.GetType()}; convert it to one that a table holds."),
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Date(DateTime utc) => $"datetime'{utc.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}'";

    // Without a point or exponent the service would read an Int32.
    private static string Double(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }
}
