using System.Globalization;

namespace Mlops.Functions.Registry;

/// <summary>How things are named in the lineage.</summary>
internal static class LineageIds
{
    /// <summary>A model version: <c>{model}@{number}</c>.</summary>
    public static string Version(string model, int number) => string.Create(CultureInfo.InvariantCulture, $"{model}@{number}");
}
