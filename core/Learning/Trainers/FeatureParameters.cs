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
        TrainerParameter.Flag("targetEncode", defaults.TargetEncode, "Target-encode text columns with grouped categories."),
        new("textBuckets", 0, 65_536, defaults.TextBuckets, true, "Buckets that the words of free text are hashed into; 0 for none."),
        TrainerParameter.Choice(Calibration, ["none", "platt", "isotonic"], "none", "Classification only: correct the probabilities on five folds of the training rows, as part of the model."),
    ];

    public static FeatureOptions Apply(FeatureOptions defaults, TrainerSettings settings) => defaults with
    {
        MaxCategories = settings.Whole("maxCategories"),
        MinCategoryRows = settings.Whole("minCategoryRows"),
        TargetEncode = settings.Has("targetEncode") && settings.Whole("targetEncode") == 1,
        TextBuckets = settings.Whole("textBuckets"),
    };
}
