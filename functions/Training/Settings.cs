using System.Globalization;

namespace Mlops.Functions.Training;

/// <summary>A trainer's settings in words.</summary>
internal static class Settings
{
    /// <summary>The settings that differ from the trainer's defaults, or "defaults".</summary>
    public static string Of(IReadOnlyDictionary<string, double>? parameters) => parameters is { Count: > 0 }
        ? string.Join(", ", parameters.Select(parameter => string.Create(CultureInfo.InvariantCulture, $"{parameter.Key} {parameter.Value:G6}")))
        : "defaults";
}
