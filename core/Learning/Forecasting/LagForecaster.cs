using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>Forecasts a series by gradient-boosted trees on its own past: one step ahead, then on with what was forecast.</summary>
public sealed class LagForecaster
{
    private readonly LagOptions _options;

    private LagForecaster(LagOptions options, TreeEnsemble model)
    {
        _options = options;
        Model = model;
    }

    /// <summary>The trees; columns as <see cref="FeaturesOf"/> names them.</summary>
    public TreeEnsemble Model { get; }

    /// <summary>Trains on all steps whose past reaches far enough back.</summary>
    /// <param name="series">Values in time order, evenly spaced, all finite.</param>
    /// <param name="options">Settings.</param>
    /// <param name="cancellationToken">Stops the booster.</param>
    /// <exception cref="ArgumentException">The series is too short, or a value is not finite.</exception>
    public static LagForecaster Fit(ReadOnlySpan<double> series, LagOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        int reach = options.Reach;
        int rows = series.Length - reach;
        if (rows < 2)
        {
            throw new ArgumentException($"The series has {series.Length} values; expected at least {reach + 2}, two more than the options look back. Use fewer lags or a shorter season.", nameof(series));
        }

        for (int t = 0; t < series.Length; t++)
        {
            if (!double.IsFinite(series[t]))
            {
                throw new ArgumentException($"Step {t}: the value is {series[t]}; expected a finite number. Fill gaps first.", nameof(series));
            }
        }

        FeatureColumn[] features = FeaturesOf(options);
        float[][] columns = features.Select(_ => new float[rows]).ToArray();
        float[] y = new float[rows];
        float[] row = new float[features.Length];
        for (int i = 0; i < rows; i++)
        {
            int t = reach + i;
            Describe(series[..t], options, row);
            for (int j = 0; j < row.Length; j++)
            {
                columns[j][i] = row[j];
            }

            y[i] = (float)(series[t] - (options.Difference ? series[t - 1] : 0));
        }

        TrainingSet train = new(new FeatureMatrix(rows, features, columns), y);
        return new LagForecaster(options, BoostingTrainer.Fit(train, options.Boosting, new BoostingSession(), cancellationToken).Model);
    }

    /// <summary>The columns that the options make.</summary>
    public static FeatureColumn[] FeaturesOf(LagOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<FeatureColumn> features = [.. options.Lags.Select(l => new FeatureColumn($"lag {l}")), new FeatureColumn($"mean of {options.MeanOver}")];
        if (options.Season > 0)
        {
            features.Add(new FeatureColumn("lag of a season"));
            features.Add(new FeatureColumn("position in season"));
        }

        return [.. features];
    }

    /// <summary>Forecasts the next values.</summary>
    /// <param name="history">Values in time order that begin where the training series began (the position in the season counts from there), at least as long as the options look back.</param>
    /// <param name="horizon">Steps ahead, ≥ 1.</param>
    public double[] Forecast(ReadOnlySpan<double> history, int horizon)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (history.Length < _options.Reach)
        {
            throw new ArgumentException($"The history has {history.Length} values; expected at least {_options.Reach}, as far as the options look back.", nameof(history));
        }

        double[] all = new double[history.Length + horizon];
        history.CopyTo(all);
        float[] row = new float[Model.Features.Count];
        double[] raw = new double[1];
        float[] prediction = new float[1];
        for (int t = history.Length; t < all.Length; t++)
        {
            Describe(all.AsSpan(0, t), _options, row);
            Model.Raw(row, raw);
            Links.Apply(Model.Link, raw, prediction);
            all[t] = prediction[0] + (_options.Difference ? all[t - 1] : 0);
        }

        return all[history.Length..];
    }

    /// <summary>The features of the step after <paramref name="past"/>. With differences, lags are relative to the last value too.</summary>
    private static void Describe(ReadOnlySpan<double> past, LagOptions options, Span<float> row)
    {
        int now = past.Length;
        double origin = options.Difference ? past[now - 1] : 0;
        int j = 0;
        foreach (int lag in options.Lags)
        {
            // The last value is the origin itself: its own difference says more than 0.
            row[j++] = (float)(past[now - lag] - (options.Difference && lag == 1 ? (now > 1 ? past[now - 2] : origin) : origin));
        }

        double sum = 0;
        foreach (double value in past[(now - options.MeanOver)..])
        {
            sum += value;
        }

        row[j++] = (float)((sum / options.MeanOver) - origin);
        if (options.Season > 0)
        {
            row[j++] = (float)(past[now - options.Season] - origin);
            row[j] = now % options.Season;
        }
    }
}
