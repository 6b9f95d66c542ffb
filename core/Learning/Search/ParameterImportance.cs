using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Search;

/// <summary>Which settings mattered in a search.</summary>
/// <remarks>A surrogate (boosted trees) learns the value from the settings. A setting's importance is the variance of the surrogate's mean over all other settings
/// as it alone varies: the main effect of functional ANOVA (F. Hutter, H. Hoos, K. Leyton-Brown 2014), as a share of the sum. What settings do only together
/// does not show. Values are ranks, so that one disaster does not outweigh everything.</remarks>
public static class ParameterImportance
{
    private const int MinTrials = 10;
    private const int Background = 128;
    private const int Grid = 16;

    /// <summary>The share of each setting, largest first; they sum to 1. Empty when fewer than ten trials of the largest budget with ten are told.</summary>
    public static IReadOnlyList<FeatureImportance> Of(SearchState state, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        Trial[]? trials = state.Trials.Where(t => t.State == TrialState.Done)
            .GroupBy(t => t.Budget).OrderByDescending(g => g.Key).FirstOrDefault(g => g.Count() >= MinTrials)?.ToArray();
        if (trials is null)
        {
            return [];
        }

        IReadOnlyList<SearchParameter> parameters = state.Space.Parameters;
        TreeEnsemble surrogate = Surrogate(parameters, trials, cancellationToken);

        // 1. The other settings: the same even sample for every setting.
        SeededRandom random = new(state.Options.Seed);
        float[][] rows = [.. Enumerable.Range(0, Background).Select(_ => parameters.Select(_ => (float)random.NextDouble()).ToArray())];

        // 2. Each setting by itself.
        double[] effects = [.. parameters.Select((_, j) => Effect(surrogate, rows, j))];
        double total = effects.Sum();
        return [.. parameters
            .Select((p, j) => new FeatureImportance(p.Name, total > 0 ? effects[j] / total : 1.0 / effects.Length))
            .OrderByDescending(i => i.Importance).ThenBy(i => i.Feature, StringComparer.Ordinal)];
    }

    private static TreeEnsemble Surrogate(IReadOnlyList<SearchParameter> parameters, Trial[] trials, CancellationToken cancellationToken)
    {
        double[] sorted = [.. trials.Select(t => t.Value!.Value).Order()];
        float[] ranks = [.. trials.Select(t => (float)Array.BinarySearch(sorted, t.Value!.Value))];
        float[][] columns = [.. parameters.Select(p => trials.Select(t => (float)p.Position(t.Parameters[p.Name])).ToArray())];
        FeatureMatrix x = new(trials.Length, [.. parameters.Select(p => new FeatureColumn(p.Name))], columns);
        BoostingOptions options = new() { Iterations = 100, LearningRate = 0.1, MaxLeaves = 6, MinLeafRows = Math.Max(2, trials.Length / 20) };
        return BoostingTrainer.Fit(new TrainingSet(x, ranks), options, null, null, cancellationToken).Model;
    }

    private static double Effect(TreeEnsemble surrogate, float[][] rows, int setting)
    {
        double[] means = new double[Grid];
        double[] raw = new double[1];
        for (int g = 0; g < Grid; g++)
        {
            foreach (float[] row in rows)
            {
                float[] changed = [.. row];
                changed[setting] = (g + 0.5f) / Grid;
                surrogate.Raw(changed, raw);
                means[g] += raw[0] / rows.Length;
            }
        }

        double mean = means.Average();
        return means.Sum(m => (m - mean) * (m - mean)) / Grid;
    }
}
