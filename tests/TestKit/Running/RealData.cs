using System.Globalization;
using System.Text.Json;

namespace Mlops.TestKit.Running;

/// <summary>Real data sets from the npm package vega-datasets, as rows of named values.</summary>
public static class RealData
{
    /// <summary>344 penguins of three species, measured 2007 to 2009 at Palmer Station, some values missing; <c>Species</c> comes last, and so is the target by convention.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Penguins { get; } = Read("penguins.json", last: "Species");

    /// <summary>The rows as CSV with a header.</summary>
    public static string ToCsv(IEnumerable<IReadOnlyDictionary<string, string>> rows)
    {
        var lines = new List<string>();
        foreach (var row in rows)
        {
            if (lines.Count == 0)
            {
                lines.Add(string.Join(',', row.Keys));
            }

            lines.Add(string.Join(',', row.Values));
        }

        return string.Join('\n', lines) + "\n";
    }

    private static List<IReadOnlyDictionary<string, string>> Read(string file, string last)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Repository.File("node_modules", "vega-datasets", "data", file)));
        return [.. json.RootElement.EnumerateArray().Select(row => (IReadOnlyDictionary<string, string>)row.EnumerateObject()
            .OrderBy(p => p.Name == last)
            .ToDictionary(p => p.Name, p => Text(p.Value)))];
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Number => value.GetDouble().ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
