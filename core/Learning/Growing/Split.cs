namespace Mlops.Core.Learning.Growing;

/// <summary>A way to part the rows of a leaf.</summary>
internal readonly struct Split
{
    public required int Feature { get; init; }

    /// <summary>Numeric: bins up to this go left.</summary>
    public int Bin { get; init; }

    /// <summary>Categorical: per bin whether it goes left; null for a numeric feature.</summary>
    public bool[]? LeftBins { get; init; }

    /// <summary>Whether the missing bin goes left; never for a categorical feature.</summary>
    public bool MissingLeft { get; init; }

    public required double Gain { get; init; }

    /// <summary>Packed sums of the rows that go left.</summary>
    public required long LeftSum { get; init; }

    /// <summary>Leaf values the sums give, before learning rate: bounds of monotone descendants.</summary>
    public required double LeftValue { get; init; }

    public required double RightValue { get; init; }
}
