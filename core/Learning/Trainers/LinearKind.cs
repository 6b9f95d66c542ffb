using Mlops.Core.Features;
using Mlops.Core.Learning.Linear;

namespace Mlops.Core.Learning.Trainers;

/// <summary>Linear, logistic or multinomial regression.</summary>
internal sealed class LinearKind : TrainerKind
{
    /// <inheritdoc/>
    public override string Name => "linear";

    /// <inheritdoc/>
    public override string Description => "Linear, logistic or multinomial regression with ridge, lasso or elastic-net penalty on standardised features.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters { get; } =
    [
        new("strength", 0, 1e6, 1e-3, false, "Weight of the penalty."),
        new("l1Ratio", 0, 1, 0, false, "Share of the L1 part: 0 is ridge, 1 is lasso."),
        TrainerParameter.Flag(TrainingWeights.Balanced, false, "Classification only: every class weighs the same."),
        new("maxIterations", 1, 100_000, 1000, true, "Steps of the solver at most."),
        new("tolerance", 1e-12, 0.1, 1e-7, false, "The solver stops when no entry of the gradient exceeds this."),
        .. FeatureParameters.Of(FeatureOptions.Linear),
    ];

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => FeatureParameters.Apply(FeatureOptions.Linear, settings);

    /// <inheritdoc/>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken)
    {
        LinearOptions options = new()
        {
            Strength = input.Settings["strength"],
            L1Ratio = input.Settings["l1Ratio"],
            MaxIterations = input.Settings.Whole("maxIterations"),
            Tolerance = input.Settings["tolerance"],
        };
        return new Scorer(input.Task.Kind == TaskKind.Regression
            ? LinearTrainer.FitRegression(input.Set, options, cancellationToken)
            : LinearTrainer.FitClassification(input.Set, input.Task.Classes.Count, options, cancellationToken));
    }
}
