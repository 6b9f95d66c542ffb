using Mlops.Core.Features;

namespace Mlops.Core.Learning.Trainers;

/// <summary>The settings that every trainer with features has.</summary>
internal static class FeatureParameters
{
    /// <summary>The setting that chooses a <see cref="Learning.Calibration.CalibrationMethod"/>.</summary>
    public const string Calibration = "calibration";

    public static IReadOnlyList<TrainerParameter> Of(FeatureOptions defaults) =>
    [
        new("maxCategories", 1, 10_000, defaults.MaxCategories, true, "Categories per column that stand for themselves."),
        new("minCategoryRows", 1, 1_000_000, defaults.MinCategoryRows, true, "Rows below which a category is grouped with the other rare ones."),
        new("targetEncode", 0, 1, defaults.TargetEncode ? 1 : 0, true, "1: target-encode text columns with grouped categories."),
        new("textBuckets", 0, 65_536, defaults.TextBuckets, true, "Buckets that the words of free text are hashed into; 0 for none."),
        new(Calibration, 0, 2, 0, true, "Classification only. 1 Platt, 2 isotonic: correct the probabilities on five folds of the training rows."),
    ];

    public static FeatureOptions Apply(FeatureOptions defaults, TrainerSettings settings) => defaults with
    {
        MaxCategories = settings.Whole("maxCategories"),
        MinCategoryRows = settings.Whole("minCategoryRows"),
        TargetEncode = settings.Whole("targetEncode") == 1,
        TextBuckets = settings.Whole("textBuckets"),
    };
}
