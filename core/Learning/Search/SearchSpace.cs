namespace Mlops.Core.Learning.Search;

/// <summary>The settings to search over, as data.</summary>
/// <param name="Parameters">At least one, names distinct.</param>
public sealed record SearchSpace(IReadOnlyList<SearchParameter> Parameters)
{
    private const int MaxParameters = 100;

    /// <summary>What is wrong with the space, one sentence each; empty when it can be searched.</summary>
    public IReadOnlyList<string> Check()
    {
        List<string> errors = [.. Parameters.SelectMany(p => p.Check())];
        if (Parameters.Count is 0 or > MaxParameters)
        {
            errors.Add($"A search space has {Parameters.Count} parameters; expected 1 … {MaxParameters}.");
        }

        errors.AddRange(Parameters.GroupBy(p => p.Name, StringComparer.Ordinal).Where(g => g.Count() > 1).Select(g => $"Search parameter '{g.Key}' occurs {g.Count()} times; expected once."));
        return errors;
    }

    /// <summary>The space to search when nothing is configured.</summary>
    /// <param name="trainer">The trainer's name.</param>
    /// <param name="rows">Training rows, ≥ 1: small sets allow small leaves only.</param>
    /// <exception cref="ArgumentException">The trainer has nothing to search over.</exception>
    public static SearchSpace For(string trainer, int rows) => trainer switch
    {
        "linear" => new SearchSpace(
        [
            new("strength", 1e-6, 10, Logarithmic: true),
            new("l1Ratio", 0, 1),
        ]),
        "boosting" => new SearchSpace(
        [
            new("learningRate", 0.01, 0.3, Logarithmic: true),
            new("maxLeaves", 4, 255, Logarithmic: true, Whole: true),
            new("minLeafRows", 1, Math.Clamp(rows / 20, 5, 200), Logarithmic: true, Whole: true),
            new("l2", 1e-3, 100, Logarithmic: true),
            new("rowFraction", 0.4, 1),
            new("columnFraction", 0.3, 1),
        ]),
        "forest" or "extraTrees" => new SearchSpace(
        [
            new("minLeafRows", 1, Math.Clamp(rows / 20, 5, 100), Logarithmic: true, Whole: true),
            new("columnFraction", 0.05, 1),
            new("maxDepth", 4, 32, Whole: true),
        ]),
        "isolationForest" => new SearchSpace(
        [
            new("trees", 50, 400, Logarithmic: true, Whole: true),
            new("sampleRows", 16, Math.Clamp(rows, 32, 4096), Logarithmic: true, Whole: true),
        ]),
        _ => throw new ArgumentException($"Trainer '{trainer}' has no default search space; expected linear, boosting, forest, extraTrees or isolationForest, or a space of your own.", nameof(trainer)),
    };
}
