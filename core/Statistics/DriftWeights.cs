using Mlops.Core.Learning;

namespace Mlops.Core.Statistics;

/// <summary>What a model's feature importances mean for drift.</summary>
public static class DriftWeights
{
    /// <summary>A weight per column with mean 1, for <see cref="DriftOptions.Weights"/>: half of it shared equally, half by importance. A column the model does not use
    /// keeps half a weight, because it may be the first sign of a broken source.</summary>
    /// <param name="importances">Shares of importance by column, ≥ 0, in any scale; what is not a finite number above 0 counts as 0.</param>
    /// <param name="columns">The columns compared.</param>
    public static IReadOnlyDictionary<string, double> Of(IEnumerable<FeatureImportance> importances, IReadOnlyCollection<string> columns)
    {
        ArgumentNullException.ThrowIfNull(importances);
        ArgumentNullException.ThrowIfNull(columns);
        Dictionary<string, double> shares = columns.ToDictionary(c => c, _ => 0.0, StringComparer.Ordinal);
        foreach (FeatureImportance item in importances.Where(i => shares.ContainsKey(i.Feature) && double.IsFinite(i.Importance)))
        {
            shares[item.Feature] = Math.Max(0, item.Importance);
        }

        double total = shares.Values.Sum();
        return shares.ToDictionary(s => s.Key, s => total > 0 && double.IsFinite(total) ? 0.5 + (0.5 * columns.Count * s.Value / total) : 1, StringComparer.Ordinal);
    }
}
