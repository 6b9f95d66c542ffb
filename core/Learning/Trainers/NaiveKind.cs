using Mlops.Core.Features;
using Mlops.Core.Learning.Forecasting;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Trainers;

/// <summary>The value one season before, or the last value: what every forecast must beat.</summary>
internal sealed class NaiveKind : TrainerKind
{
    /// <inheritdoc/>
    public override string Name => "naive";

    /// <inheritdoc/>
    public override string Description => "The seasonal naive forecast, for forecasts only: the value one season before, or the last value without a season.";

    /// <inheritdoc/>
    public override IReadOnlyList<TrainerParameter> Parameters => [];

    /// <inheritdoc/>
    public override bool Learns(LearningTask task) => task.Forecast is not null;

    /// <inheritdoc/>
    public override FeatureOptions? Features(TrainerSettings settings) => FeatureOptions.Trees;

    /// <inheritdoc/>
    /// <remarks>What is learned is the change since the last value, so the change of the season is the whole model; where it is not known, nothing changes.</remarks>
    public override Scorer Fit(TrainingInput input, CancellationToken cancellationToken)
    {
        string season = ForecastFrame.SeasonChange(input.Task.Forecast!);
        IReadOnlyList<FeatureColumn> features = input.Set.X.Features;
        return new Scorer(new LinearModel
        {
            Features = features,
            Coefficients = [[.. features.Select(feature => feature.Name == season ? 1.0 : 0.0)]],
            Intercepts = [0],
            Means = new double[features.Count],
            Link = Link.Identity,
        });
    }
}
