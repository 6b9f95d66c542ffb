using System.Globalization;
using System.Text.Json;
using Mlops.Core.Evaluation;

namespace Mlops.Cli;

/// <summary><c>compare</c>: is the second of two registered versions worse than the first?</summary>
/// <remarks>Compares the metrics each version was registered with, on its own hold-out rows. The gate of the pipeline compares on the same rows, and is the stricter judge.</remarks>
internal static class CompareVersions
{
    /// <summary>One check per metric that both versions have, or the one that is asked for.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        string model = arguments.Required("model");
        string[] versions = arguments.Required("versions").Split(',');
        if (versions.Length != 2 || !versions.All(version => int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            throw new UsageException($"'--versions {string.Join(',', versions)}': expected two numbers, for example 3,4.");
        }

        using HttpClient client = Endpoint.Client(arguments.Operands(1)[0]);
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync($"api/models/{Uri.EscapeDataString(model)}", cancellationToken));
        IReadOnlyDictionary<string, double> first = Metrics(document, model, versions[0]);
        IReadOnlyDictionary<string, double> second = Metrics(document, model, versions[1]);
        double margin = arguments.Number("margin", 0, 0);
        CheckReport report = new("mlops compare");
        string[] names = arguments.Option("metric") is { } one ? [one] : [.. first.Keys.Intersect(second.Keys).Order(StringComparer.Ordinal)];
        foreach (string name in names)
        {
            if (!first.TryGetValue(name, out double before) || !second.TryGetValue(name, out double after))
            {
                throw new UsageException($"'--metric {name}': both versions need it. They have {string.Join(", ", first.Keys.Intersect(second.Keys).Order(StringComparer.Ordinal))}.");
            }

            double gain = Core.Evaluation.Metrics.HigherIsBetter(name) ? after - before : before - after;
            report.Add(
                name,
                string.Create(CultureInfo.InvariantCulture, $"version {versions[0]}: {before:0.######}, version {versions[1]}: {after:0.######}"),
                gain >= -margin ? null : string.Create(CultureInfo.InvariantCulture, $"Version {versions[1]} is worse by {-gain:0.######}; at most {margin:0.######} is allowed."));
        }

        return report;
    }

    private static IReadOnlyDictionary<string, double> Metrics(JsonDocument document, string model, string number)
    {
        foreach (JsonElement version in document.RootElement.GetProperty("versions").EnumerateArray())
        {
            if (version.GetProperty("number").GetInt32().ToString(CultureInfo.InvariantCulture) == number)
            {
                return version.GetProperty("metrics").EnumerateObject().Where(metric => metric.Value.ValueKind == JsonValueKind.Number).ToDictionary(metric => metric.Name, metric => metric.Value.GetDouble());
            }
        }

        throw new UsageException($"Model '{model}' has no version {number}.");
    }
}
