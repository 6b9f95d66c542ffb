using System.Globalization;
using Mlops.Core.Access;
using Mlops.Core.Data;
using Mlops.Storage.Lineage;

namespace Mlops.Functions.Registry;

/// <summary>How things are named in the lineage.</summary>
internal static class LineageIds
{
    /// <summary>A model version: <c>{model}@{number}</c>.</summary>
    public static string Version(string model, int number) => string.Create(CultureInfo.InvariantCulture, $"{model}@{number}");

    /// <summary>Whether a caller reaches what edges are about: every model that they name, and at least one is named to those who do not reach all.</summary>
    public static bool IsReached(IEnumerable<LineageEdge> edges, Caller caller)
    {
        string[] models = [.. edges.SelectMany(edge => (string?[])[ModelOf(edge.From), ModelOf(edge.To)]).OfType<string>().Distinct(StringComparer.Ordinal)];
        return caller.Models.IsAll || (models.Length > 0 && models.All(caller.Reaches));
    }

    // Versions, files and feedback name their model; runs, dataset versions and pipelines are joined to one of these.
    private static string? ModelOf(string id)
    {
        if (id.StartsWith("file:", StringComparison.Ordinal))
        {
            return BatchPath.TryParse(id[5..], out BatchPath? path, out _) ? path.Model.Value : null;
        }

        return id.StartsWith("feedback:", StringComparison.Ordinal) ? id[9..]
            : id.IndexOf('@', StringComparison.Ordinal) is > 0 and int at ? id[..at]
            : null;
    }
}
