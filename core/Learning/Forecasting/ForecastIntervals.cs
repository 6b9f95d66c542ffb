using Mlops.Core.Data;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>How far what came lay from what had been forecast: the interval around a forecast that holds the value <see cref="Coverage"/> of the time. Data only.</summary>
/// <remarks>The residuals are those of the rolling folds: of models that knew nothing after the time they forecast from, and less than the final one, which errs on the wide side.
/// Forecasts get less sure with the steps ahead in the same proportion for all series; how unsure, and on which side, each series says itself: the outer tenths of its residuals, each
/// divided by the width of its step, are cut off, counted with one residual more than there are (split conformal prediction: V. Vovk et al., "Algorithmic Learning in a Random World",
/// 2005). What happens must go on as it did: a break is in no residual.</remarks>
/// <param name="Widths">Per step ahead, from 1, how far off forecasts are; the mean over all steps is about 1.</param>
/// <param name="Series">Per series what to add to a forecast at width 1, at most <see cref="MaximumSeries"/>; empty for a single series.</param>
/// <param name="Other">What to add for any other series: the median over all.</param>
public sealed record ForecastIntervals(IReadOnlyList<double> Widths, IReadOnlyDictionary<string, ForecastMargin> Series, ForecastMargin Other)
{
    /// <summary>The share of values that an interval is to hold.</summary>
    public const double Coverage = 0.8;

    /// <summary>Series with a margin of their own at most, those of the most rows; the others share one.</summary>
    public const int MaximumSeries = 1000;

    /// <summary>Measures the residuals of a candidate; null when no fold has a value to compare with.</summary>
    /// <param name="train">The training rows of a frame.</param>
    /// <param name="task">A forecast.</param>
    /// <param name="spec">The candidate.</param>
    /// <param name="foldOfRow">Per row its fold.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static ForecastIntervals? Of(DataTable train, LearningTask task, CandidateSpec spec, int[] foldOfRow, ulong seed, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(foldOfRow);
        ForecastPlan plan = task.Forecast ?? throw new ArgumentException($"'{task.Target}' is no forecast.", nameof(task));

        // 1. What the models of the folds did not know.
        List<(string Series, int Step, double Residual)> residuals = [];
        for (int fold = 0; fold < foldOfRow.DefaultIfEmpty(0).Max(); fold++)
        {
            (int[] others, int[] own) = Fold.Of(train, task, foldOfRow, fold);
            if (own.Length > 0 && others.Length > 0)
            {
                DataTable asked = train.Take(own);
                Predictions told = Trainer.Fit(train.Take(others), task, spec, seed, null, cancellationToken, threads).Predict(asked);
                ReadOnlySpan<double> values = ((NumericColumn)asked[plan.Target]).Values, steps = ((NumericColumn)asked[plan.Steps]).Values;
                for (int i = 0; i < own.Length; i++)
                {
                    residuals.Add((SeriesOf(asked, plan, i), (int)steps[i], values[i] - told.Row(i)[0]));
                }
            }
        }

        if (residuals.Count == 0)
        {
            return null;
        }

        // 2. How far off each step is, whatever the series; one that was never measured is like the one before.
        Dictionary<string, double> units = residuals.GroupBy(r => r.Series, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Average(r => Math.Abs(r.Residual)), StringComparer.Ordinal);
        ILookup<int, double> byStep = residuals.ToLookup(r => r.Step, r => units[r.Series] is > 0 and var unit ? Math.Abs(r.Residual) / unit : 0);
        double[] widths = new double[plan.Horizon];
        for (int step = 1; step <= widths.Length; step++)
        {
            widths[step - 1] = byStep.Contains(step) ? byStep[step].Average() : step > 1 ? widths[step - 2] : 1;
        }

        // 3. How far off each series is, and on which side.
        (string Name, int Rows, ForecastMargin Margin)[] all = [.. residuals.GroupBy(r => r.Series, StringComparer.Ordinal)
            .Select(g => (Key: g.Key, Count: g.Count(), Margin: Margin([.. g.Select(r => widths[r.Step - 1] is > 0 and var width ? r.Residual / width : 0).Order()])))
            .OrderByDescending(series => series.Count).ThenBy(series => series.Key, StringComparer.Ordinal)];
        return new ForecastIntervals(
            widths,
            plan.Series is null ? new Dictionary<string, ForecastMargin>() : all.Take(MaximumSeries).ToDictionary(series => series.Name, series => series.Margin, StringComparer.Ordinal),
            new ForecastMargin(Median(all.Select(series => series.Margin.Lower)), Median(all.Select(series => series.Margin.Upper))));
    }

    /// <summary>The interval around a forecast.</summary>
    /// <param name="value">The forecast.</param>
    /// <param name="step">Steps ahead, from 1.</param>
    /// <param name="series">The series; null for a single one.</param>
    public (double Lower, double Upper) Around(double value, int step, string? series)
    {
        double width = Widths[Math.Clamp(step, 1, Widths.Count) - 1];
        ForecastMargin margin = series is not null && Series.TryGetValue(series, out ForecastMargin? own) ? own : Other;
        return (value + (margin.Lower * width), value + (margin.Upper * width));
    }

    /// <summary>The share of the values of a frame that lie in the intervals around their forecasts; NaN without rows.</summary>
    /// <param name="frame">Rows with their answers.</param>
    /// <param name="predictions">The forecasts for these rows.</param>
    /// <param name="plan">How they were made.</param>
    public double Held(DataTable frame, Predictions predictions, ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(plan);
        double[] values = ((NumericColumn)frame[plan.Target]).Values.ToArray(), steps = ((NumericColumn)frame[plan.Steps]).Values.ToArray();
        return values.Length == 0 ? double.NaN : Enumerable.Range(0, values.Length).Average(i =>
        {
            (double lower, double upper) = Around(predictions.Row(i)[0], (int)steps[i], plan.Series is null ? null : SeriesOf(frame, plan, i));
            return values[i] >= lower && values[i] <= upper ? 1.0 : 0;
        });
    }

    private static string SeriesOf(DataTable frame, ForecastPlan plan, int row) => plan.Series is null ? string.Empty : frame[plan.Series].Text(row) ?? string.Empty;

    private static double Median(IEnumerable<double> values) => values.Order().ToArray() is var sorted ? sorted[sorted.Length / 2] : 0;

    /// <summary>The ends that are left of the residuals of a series, ascending.</summary>
    internal static ForecastMargin Margin(double[] sorted)
    {
        // A guard against (1 − 0.8) / 2 · 20 = 1.9999999999999996.
        double cut = ((1 - Coverage) / 2 * (sorted.Length + 1)) + 1e-9;
        int below = Math.Clamp((int)Math.Floor(cut) - 1, 0, sorted.Length - 1);
        return new ForecastMargin(sorted[below], sorted[sorted.Length - 1 - below]);
    }
}

/// <summary>What to add to a forecast for the ends of its interval, at width 1.</summary>
/// <param name="Lower">Usually below 0.</param>
/// <param name="Upper">Usually above 0.</param>
public sealed record ForecastMargin(double Lower, double Upper);
