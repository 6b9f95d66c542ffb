using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mlops.Core.Data;

namespace Mlops.Storage.Inference;

/// <summary>
/// A prediction's id, <c>p.{model}.{version}.{yyyyMMddHH}.{32 hex}</c>: it says where in the log the prediction lies, so that finding one
/// reads the log of one hour only.
/// </summary>
public sealed record PredictionId(string Model, int Version, DateTimeOffset Hour, string Unique)
{
    private const string HourFormat = "yyyyMMddHH";

    /// <summary>The id as text.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"p.{Model}.{Version}.{Hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}.{Unique}");

    /// <summary>A new id for a prediction made at <paramref name="time"/>.</summary>
    public static PredictionId New(string model, int version, DateTimeOffset time) =>
        new(model, version, HourOf(time), Guid.CreateVersion7(time).ToString("N"));

    /// <summary>The full hour, in UTC, under which a prediction made at <paramref name="time"/> and its label are kept.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>Reads an id; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PredictionId? id)
    {
        id = null;
        if (text is null || text.Length > 128)
        {
            return false;
        }

        string[] parts = text.Split('.');
        if (parts.Length != 5 || parts[0] != "p" || !ModelName.TryParse(parts[1], out _, out _)
            || !int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || !DateTimeOffset.TryParseExact(parts[3], HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset hour)
            || hour.Year == DateTimeOffset.MaxValue.Year
            || parts[4].Length != 32 || !parts[4].All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        id = new PredictionId(parts[1], version, hour, parts[4]);
        return true;
    }
}
