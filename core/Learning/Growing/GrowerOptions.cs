namespace Mlops.Core.Learning.Growing;

/// <summary>What limits one tree.</summary>
internal sealed record GrowerOptions
{
    public int MaxLeaves { get; init; } = 31;

    public int MaxDepth { get; init; }

    public int MinLeafRows { get; init; } = 20;

    public double MinLeafWeight { get; init; } = 1e-3;

    public double MinGain { get; init; }

    public double L1 { get; init; }

    public double L2 { get; init; }

    public double CategoricalL2 { get; init; } = 10;

    /// <summary>Largest magnitude of a leaf value.</summary>
    public double MaxStep { get; init; } = double.PositiveInfinity;

    /// <summary>Per feature −1, 0 or +1; null for none.</summary>
    public IReadOnlyList<int>? Monotone { get; init; }

    /// <summary>Whether the vector path of split finding is used where it applies; tests switch it off to compare.</summary>
    public bool UseVectors { get; init; } = true;
}
