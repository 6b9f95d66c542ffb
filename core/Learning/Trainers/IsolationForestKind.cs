using Mlops.Core.Features;
using Mlops.Core.Learning.Forest;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Isolation forest: how unusual a row is, without labels.</summary>
internal sealed class IsolationForestKind : TrainerKind
{
    /// <summary>The share of the training rows that counts as anomalous.</summary>
    public const string Contamination = "contamination";

    /// <inheritdoc/>
    public override string Name => "isolationForest";

    /// <inheritdoc/>
    public override string Description => "Isolation forest, for anomalies only: rows that random cuts isolate early are unusual. The score lies in 0 … 1; ordinary rows have about 0.5 or less.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters { get; } =
    [
        new("trees", 1, 10_000, 100, true, "Number of trees."),
        new("sampleRows", 2, 1_000_000, 256, true, "Rows drawn per tree: more rows hide anomalies behind one another."),
        new(Contamination, 0, 0.5, 0.01, false, "Share of the training rows that counts as anomalous: where the score is cut for the label."),
        .. FeatureParameters.Of(FeatureOptions.Trees).Where(p => p.Name is not ("targetEncode" or FeatureParameters.Calibration)),
    ];

    /// <inheritdoc/>
    public override bool Learns(LearningTask task) => task.Kind == TaskKind.Anomaly;

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => FeatureParameters.Apply(FeatureOptions.Trees with { TargetEncode = false }, settings);

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken) => new(IsolationForest.Fit(
        input.Set.X,
        new IsolationForestOptions
        {
            Trees = input.Settings.Whole("trees"),
            SampleRows = input.Settings.Whole("sampleRows"),
            Seed = unchecked((long)input.Seed),
            Threads = input.Threads,
        },
        cancellationToken));

    /// <summary>The least score that counts as anomalous: that share of the training rows has it or more.</summary>
    public static double Threshold(Predictions scores, double contamination)
    {
        float[] sorted = scores.Scores.ToArray();
        Array.Sort(sorted);
        int anomalous = (int)Math.Round(contamination * sorted.Length);
        return anomalous == 0 ? Math.BitIncrement(sorted[^1]) : sorted[sorted.Length - anomalous];
    }
}
