using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Mlops.Storage.Inference;

/// <summary>An hour in which a version was asked: what is to be looked at when its traffic is summed up.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Hour">The hour, UTC.</param>
internal sealed record ActiveHour(string Model, int Version, DateTimeOffset Hour)
{
    /// <summary>The partition of these rows; no model's name starts with a dash.</summary>
    public const string Partition = "-active";

    private const string HourFormat = "yyyyMMddHH";

    /// <summary>The row's key: oldest hour first.</summary>
    public string Key => string.Create(CultureInfo.InvariantCulture, $"{Hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}|{Model}|{Version:D8}");

    /// <summary>Reads a key; false for one of another form.</summary>
    public static bool TryParse(string key, [NotNullWhen(true)] out ActiveHour? active)
    {
        string[] parts = key.Split('|');
        active = parts.Length == 3
            && DateTimeOffset.TryParseExact(parts[0], HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset hour)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int version)
                ? new ActiveHour(parts[1], version, hour)
                : null;
        return active is not null;
    }
}
