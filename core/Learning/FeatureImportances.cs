using Mlops.Core.Features;

namespace Mlops.Core.Learning;

/// <summary>Importances of features as importances of the columns they come from.</summary>
internal static class FeatureImportances
{
    /// <summary>Per column of the task the sum over its features, largest first; equal ones by name.</summary>
    public static IReadOnlyList<FeatureImportance> ByColumn(LearningTask task, FeaturePipeline pipeline, double[] importance)
    {
        Dictionary<string, double> byColumn = task.Features.ToDictionary(f => f, _ => 0.0, StringComparer.Ordinal);
        IReadOnlyList<string> sources = pipeline.Sources();
        for (int j = 0; j < importance.Length; j++)
        {
            byColumn[sources[j]] += importance[j];
        }

        return [.. byColumn.OrderByDescending(p => p.Value).ThenBy(p => p.Key, StringComparer.Ordinal).Select(p => new FeatureImportance(p.Key, p.Value))];
    }
}
