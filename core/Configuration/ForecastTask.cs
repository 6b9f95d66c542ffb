using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Configuration;

/// <summary>Decides what a forecast is made of.</summary>
internal static class ForecastTask
{
    /// <summary>Steps that there must be beside three horizons: one to learn from, one to measure on, one to hold out.</summary>
    private const int LeastSteps = ForecastFrame.Lags + 1;

    public static TaskResolution Resolve(DataTable table, ModelConfiguration configuration)
    {
        List<DataProblem> problems = [];
        void Block(string? column, string found, string expected, string remedy) => problems.Add(new DataProblem(null, column, found, expected, remedy, Severity.Block));
        TaskResolution Refused() => new(null, [], 0, new Dictionary<string, string>(), problems);
        Column? target = TaskResolver.FindTarget(table, configuration, problems);
        Column? time = FindTime(table, configuration, Block);
        ForecastOptions options = configuration.Forecast;
        Column? series = null;
        if (options.Series is { } name && !table.TryGet(name, out series))
        {
            Block(name, "no such column", "the column that model.yaml names as forecast.series", "Add the column to the data, or correct 'forecast.series' in model.yaml.");
        }

        if (target is not null and not NumericColumn { Kind: ColumnKind.Number or ColumnKind.Integer })
        {
            Block(target.Name, $"a target of kind {target.Kind} for a forecast", "numbers", "Correct 'target' in model.yaml.");
        }

        if (target is not null && (target == time || target == series || (series is not null && time == series)))
        {
            Block(target.Name, "one column in two roles", "three different columns for target, forecast.time and forecast.series", "Correct them in model.yaml.");
        }

        if (configuration.Training.Weight is not null || configuration.Training.Monotone.Count > 0 || configuration.Training.ClassWeights.Count > 0)
        {
            Block(null, "training.weight, training.monotone or training.classWeights for a forecast", "none of them", "Remove them from model.yaml: the rows of a forecast are not the rows of the file.");
        }

        string prefix = target is null ? string.Empty : $"{target.Name}: ";
        if (target is not null && (time?.Name.StartsWith(prefix, StringComparison.Ordinal) == true || series?.Name.StartsWith(prefix, StringComparison.Ordinal) == true))
        {
            Block(target.Name, $"a column of times or series whose name begins with '{Excerpt.Of(prefix)}'", "another name: such names are for the forecast's own columns", "Rename the column.");
        }

        if (problems.Exists(p => p.Severity == Severity.Block))
        {
            return Refused();
        }

        int[] rows = [.. Enumerable.Range(0, table.RowCount).Where(i => !target!.IsMissing(i) && !time!.IsMissing(i) && series?.IsMissing(i) != true)];
        if (FindCadence((NumericColumn)time!, series, rows, options.Horizon, Block) is not { } cadence)
        {
            return Refused();
        }

        ForecastPlan plan = new(target!.Name, time!.Name, series?.Name, options.Horizon, options.Season, cadence);
        LearningTask task = new(TaskKind.Regression, target.Name, [], ForecastFrame.Features(plan)) { Offset = plan.Last, Forecast = plan };
        Dictionary<string, string> dropped = table.Columns.Where(c => c != target && c != time && c != series)
            .ToDictionary(c => c.Name, _ => "a forecast looks at the time, the series and the target only", StringComparer.Ordinal);
        return new TaskResolution(task, rows, table.RowCount - rows.Length, dropped, problems);
    }

    private static Column? FindTime(DataTable table, ModelConfiguration configuration, Action<string?, string, string, string> block)
    {
        if (configuration.Forecast.Time is { } name)
        {
            if (table.TryGet(name, out Column? configured) && configured.Kind == ColumnKind.Timestamp)
            {
                return configured;
            }

            block(name, configured is null ? "no such column" : $"a column of kind {configured.Kind}", "the column of times that model.yaml names as forecast.time", "Correct 'forecast.time' in model.yaml, or the times: dates such as 2026-03-31 or 2026-03-31T12:30.");
            return null;
        }

        Column[] times = [.. table.Columns.Where(c => c.Kind == ColumnKind.Timestamp && !configuration.Ignore.Contains(c.Name, StringComparer.Ordinal))];
        if (times.Length == 1)
        {
            return times[0];
        }

        block(null, $"{times.Length} columns of times", "one, or 'forecast.time' in model.yaml", "Name the column of times in model.yaml.");
        return null;
    }

    private static Cadence? FindCadence(NumericColumn time, Column? series, int[] rows, int horizon, Action<string?, string, string, string> block)
    {
        double[][] times = [.. rows.GroupBy(i => series?.Text(i) ?? string.Empty, i => time.Values[i], StringComparer.Ordinal).Select(group => group.Distinct().Order().ToArray())];
        int longest = times.Length == 0 ? 0 : times.Max(t => t.Length);
        int least = (3 * horizon) + LeastSteps;
        if (longest < least)
        {
            block(time.Name, $"{longest} times in the longest series", $"at least {least}: three horizons of {horizon} steps, and {LeastSteps} to look back", "Add older rows, or lower 'forecast.horizon' in model.yaml.");
            return null;
        }

        if (Cadence.Infer(times) is { } cadence)
        {
            return cadence;
        }

        block(time.Name, "times that are not evenly spaced", "the same step between at least nine of ten neighbouring times of a series; whole steps may be left out", series is null ? "Sum the rows up by day or month first, or name the column that tells the series apart as 'forecast.series'." : "Sum the rows up by day or month first.");
        return null;
    }
}
