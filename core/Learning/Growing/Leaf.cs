namespace Mlops.Core.Learning.Growing;

/// <summary>A leaf of a growing tree.</summary>
internal sealed class Leaf
{
    /// <summary>Its number in the tree; −1 until it is part of it.</summary>
    public int Node { get; set; } = -1;

    /// <summary>What its rows are known by to <see cref="ITreeRows"/>.</summary>
    public required int Id { get; init; }

    public required LeafState State { get; init; }

    public required int Depth { get; init; }

    /// <summary>L2 penalty of its value: larger under a categorical split.</summary>
    public required double L2 { get; init; }

    public int Count => State.Count;

    public long[]? Histogram { get; set; }

    public Split? Best { get; set; }
}
