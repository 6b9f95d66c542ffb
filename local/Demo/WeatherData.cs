using System.Globalization;
using System.Text.Json.Nodes;

namespace Mlops.Demo;

/// <summary>Daily weather of Seattle and New York, 2012–2015 (NOAA, from the npm package vega-datasets): 1,461 days each.</summary>
internal sealed record WeatherData(string Header, IReadOnlyList<string> Seattle, IReadOnlyList<string> NewYork)
{
    public static WeatherData Read(string path)
    {
        string[] lines = File.ReadAllLines(path);
        return new WeatherData(
            lines[0],
            [.. lines.Where(line => line.StartsWith("Seattle,", StringComparison.Ordinal))],
            [.. lines.Where(line => line.StartsWith("New York,", StringComparison.Ordinal))]);
    }

    /// <summary>A day as a row for prediction, without its weather.</summary>
    public JsonObject Row(string line)
    {
        JsonObject row = [];
        string[] names = Header.Split(',');
        string[] values = line.Split(',');
        for (int i = 0; i < names.Length - 1; i++)
        {
            row[names[i]] = double.TryParse(values[i], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? JsonValue.Create(number) : JsonValue.Create(values[i]);
        }

        return row;
    }

    /// <summary>What the weather was.</summary>
    public static string Label(string line) => line[(line.LastIndexOf(',') + 1)..];
}
