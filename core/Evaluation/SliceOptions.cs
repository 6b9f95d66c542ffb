namespace Mlops.Core.Evaluation;

/// <summary>How <see cref="Slices"/> looks.</summary>
public sealed record SliceOptions
{
    /// <summary>Rows in a slice at least, ≥ 2. Default 30.</summary>
    public int MinRows { get; init; } = 30;

    /// <summary>Numbers are cut at quantiles into this many parts, 2 … 20. Default 4.</summary>
    public int Parts { get; init; } = 4;

    /// <summary>Most frequent categories looked at per column, 1 … 1,000. Default 20.</summary>
    public int Categories { get; init; } = 20;

    /// <summary>Whether slices of two columns are looked at too, built from the 20 worst of one. Default true.</summary>
    public bool Pairs { get; init; } = true;

    /// <summary>Share of false discoveries tolerated among significant slices (Benjamini and Hochberg), inside (0, 1). Default 0.05.</summary>
    public double FalseDiscoveryRate { get; init; } = 0.05;
}
