using Mlops.Core.Data;
using Mlops.Core.Features;

namespace Mlops.Core.Learning.Forecasting;

/// <summary>Turns series into rows: one per origin (the newest value known) and step ahead, with what was known at the origin.</summary>
/// <remarks>
/// A forecast then is an ordinary regression on such rows, direct for every step (no forecast is fed back), by any trainer, in one pass of one ONNX graph. Features are
/// changes against the last value, and what is learned is the change too, so that a trend goes on where trees alone would stay in the range they saw:
/// <list type="bullet">
/// <item>the change to the last value since each of the <see cref="Lags"/> steps before, and from it to the mean of the last season (without one: of the last <see cref="Lags"/> values);</item>
/// <item>with a season, the change from it to the value one season before the time asked for;</item>
/// <item>the step, month, weekday and hour of the time asked for, and the series. The time and the last value itself are no features: where
/// they grow, all that comes lies beyond what was learned.</item>
/// </list>
/// Steps are counted by the cadence, so gaps stay gaps: a value that is not there is missing in the features and makes no row. Of two rows with the same series and time the later in the table counts.
/// </remarks>
public static class ForecastFrame
{
    /// <summary>Steps back whose values are features.</summary>
    public const int Lags = 7;

    /// <summary>Rows made for training at most: of more, evenly spaced origins are taken.</summary>
    public const int MaximumRows = 500_000;

    /// <summary>Steps ahead, month, weekday and hour.</summary>
    private const int WholeNumbers = 4;

    /// <summary>The features, in the order of the frame.</summary>
    public static IReadOnlyList<string> Features(ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            .. plan.Series is null ? Array.Empty<string>() : [plan.Series],
            plan.Steps,
            $"{plan.Prefix}month",
            $"{plan.Prefix}weekday",
            $"{plan.Prefix}hour",
            .. Enumerable.Range(1, Lags).Select(lag => $"{plan.Prefix}change since {lag} before"),
            $"{plan.Prefix}change to mean",
            .. plan.Season > 1 ? [SeasonChange(plan)] : Array.Empty<string>(),
        ];
    }

    /// <summary>The feature with the change from the last value to the one a season before the time asked for.</summary>
    public static string SeasonChange(ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return $"{plan.Prefix}change to a season before";
    }

    /// <summary>The rows to learn from, ordered by the time that is forecast: the <see cref="Features"/>, the last value, the time asked for, the origin and the target.</summary>
    /// <param name="rows">Rows with the plan's time, target and series.</param>
    /// <param name="plan">The plan.</param>
    public static DataTable Of(DataTable rows, ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<SeriesValues> all = SeriesValues.Read(rows, plan);
        long stride = Math.Max(1, (all.Sum(series => (long)series.Count) * plan.Horizon / MaximumRows) + 1);
        List<(SeriesValues Series, int Position, int Step)> wanted = [];
        foreach (SeriesValues series in all)
        {
            for (int position = series.Count - 1; position >= 0; position--)
            {
                // Counted by the step's number, so that a series that grows keeps its origins.
                if (stride > 1 && series.Indexes[position] % stride != 0)
                {
                    continue;
                }

                for (int step = 1; step <= plan.Horizon; step++)
                {
                    if (series.TryGet(series.Indexes[position] + step, out _))
                    {
                        wanted.Add((series, position, step));
                    }
                }
            }
        }

        wanted.Sort((a, b) =>
        {
            int byTime = (a.Series.Indexes[a.Position] + a.Step).CompareTo(b.Series.Indexes[b.Position] + b.Step);
            int bySeries = byTime != 0 ? byTime : string.CompareOrdinal(a.Series.Name, b.Series.Name);
            return bySeries != 0 ? bySeries : a.Step.CompareTo(b.Step);
        });
        return Build(wanted, plan, learn: true);
    }

    /// <summary>The rows that ask for the next steps of every series, in the order in which the series appear: the <see cref="Features"/>, the last value and the time asked for.</summary>
    /// <param name="history">The newest rows of each series, with the plan's time, target and series; the more, up to <see cref="Reach"/>, the better the forecast.</param>
    /// <param name="plan">The plan.</param>
    public static DataTable Next(DataTable history, ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Build([.. SeriesValues.Read(history, plan).SelectMany(series => Enumerable.Range(1, plan.Horizon).Select(step => (series, series.Count - 1, step)))], plan, learn: false);
    }

    /// <summary>Steps back, the last value included, that a forecast looks at.</summary>
    public static int Reach(ForecastPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Math.Max(Lags + 1, plan.Season > 1 ? plan.Season : 0);
    }

    private static DataTable Build(List<(SeriesValues Series, int Position, int Step)> wanted, ForecastPlan plan, bool learn)
    {
        IReadOnlyList<string> names = Features(plan);
        int first = plan.Series is null ? 0 : 1;
        double[][] values = [.. Enumerable.Range(0, names.Count - first).Select(_ => new double[wanted.Count])];
        double[] lasts = new double[wanted.Count];
        double[] times = new double[wanted.Count];
        double[] origins = new double[wanted.Count];
        double[] targets = new double[wanted.Count];
        for (int i = 0; i < wanted.Count; i++)
        {
            (SeriesValues series, int position, int step) = wanted[i];
            long origin = series.Indexes[position];
            double last = lasts[i] = series.Values[position];
            times[i] = plan.Cadence.At(origin + step);
            origins[i] = plan.Cadence.At(origin);
            targets[i] = series.TryGet(origin + step, out double target) ? target : double.NaN;
            int j = 0;
            values[j++][i] = step;
            values[j++][i] = Calendar.Part(TimestampPart.Month, (long)times[i]);
            values[j++][i] = Calendar.Part(TimestampPart.WeekDay, (long)times[i]);
            values[j++][i] = Calendar.Part(TimestampPart.Hour, (long)times[i]);
            for (int lag = 1; lag <= Lags; lag++)
            {
                values[j++][i] = series.TryGet(origin - lag, out double before) ? last - before : double.NaN;
            }

            values[j++][i] = series.Mean(position, plan.Season > 1 ? plan.Season : Lags) - last;
            if (plan.Season > 1)
            {
                long seasons = (step + plan.Season - 1) / plan.Season;
                values[j][i] = series.TryGet(origin + step - (seasons * plan.Season), out double then) ? then - last : double.NaN;
            }
        }

        List<Column> columns = plan.Series is null ? [] : [TextColumn.From(plan.Series, wanted.Select(row => row.Series.Name))];
        columns.AddRange(values.Select((column, j) => new NumericColumn(names[first + j], column, j < WholeNumbers ? ColumnKind.Integer : ColumnKind.Number)));
        columns.Add(new NumericColumn(plan.Last, lasts));
        columns.Add(new NumericColumn(plan.Time, times, ColumnKind.Timestamp));
        if (learn)
        {
            columns.Add(new NumericColumn(plan.Origin, origins, ColumnKind.Timestamp));
            columns.Add(new NumericColumn(plan.Target, targets));
        }

        return new DataTable(columns);
    }
}
