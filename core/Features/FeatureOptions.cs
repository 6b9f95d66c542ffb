namespace Mlops.Core.Features;

/// <summary>How columns become features.</summary>
public sealed record FeatureOptions
{
    /// <summary>For trees: numbers as they are, missing values kept, categories as codes.</summary>
    public static FeatureOptions Trees { get; } = new();

    /// <summary>For linear models: numbers scaled, missing values filled with the mean and marked, categories one-hot, cyclic dates.</summary>
    public static FeatureOptions Linear { get; } = new() { Categories = CategoryStyle.OneHot, Dense = true, MaxCategories = 50, MinCategoryRows = 5 };

    /// <summary>How text becomes numbers. Default codes.</summary>
    public CategoryStyle Categories { get; init; }

    /// <summary>Whether no feature may be missing: numbers are filled with their mean, marked, and scaled to mean 0 and standard deviation 1. Default false.</summary>
    public bool Dense { get; init; }

    /// <summary>Categories per column that stand for themselves, the most frequent ones, 1 … 10,000; the rest are grouped. Default 250.</summary>
    public int MaxCategories { get; init; } = 250;

    /// <summary>A category with fewer training rows is grouped with the other rare ones, ≥ 1. Default 2.</summary>
    public int MinCategoryRows { get; init; } = 2;

    /// <summary>A text column with grouped categories is target-encoded too. Default true.</summary>
    public bool TargetEncode { get; init; } = true;

    /// <summary>Strength of the prior in target encoding, in rows, ≥ 0. Default 10.</summary>
    public double TargetSmoothing { get; init; } = 10;

    /// <summary>Buckets that the words of free text are hashed into, 0 … 65,536; 0 leaves free text to the categories. Default 128.</summary>
    /// <remarks>Free text is a column with three words per value or more on average, and at least half of the values distinct.</remarks>
    public int TextBuckets { get; init; } = 128;
}
