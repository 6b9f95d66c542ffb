using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>All settings of <c>model.yaml</c>. Reading, canonical form, hash and documentation follow from this one list.</summary>
internal static class Settings
{
    // Declared before the list that uses it.
    private static readonly string MetricNames = string.Join(", ", Metrics.All);

    public static IReadOnlyList<Setting> All { get; } =
    [
        ColumnSettings.Column("target", "by convention", "The column to predict. Without it: the column named target, label or y (in any letter case), else the last one.", c => c.Target, (c, v) => c with { Target = v }),
        Setting.Choice("task", "The kind of prediction; auto decides from the target column.", c => c.Task, (c, v) => c with { Task = v }),
        new("ignore", "list of column names", $"at most {ColumnSettings.MaxNames}", "Columns that are neither checked nor learned from.",
            c => List(c.Ignore.Order(StringComparer.Ordinal).Select(Setting.Quote)), ApplyIgnore),
        ColumnSettings.Map<ColumnKind>(
            "types", "column name: kind", "number, integer, timestamp, text", "The kind of a column where inference would choose another.", "column names with number, integer, timestamp or text, such as {zip: text}",
            c => c.Types, (c, v) => c with { Types = v }, Setting.Name, Setting.TryChoice),

        ColumnSettings.Column("forecast.time", "the only timestamp", "Forecasts: the column of times, evenly spaced in each series; gaps are allowed.", c => c.Forecast.Time, (c, v) => c with { Forecast = c.Forecast with { Time = v } }),
        ColumnSettings.Column("forecast.series", "no column", "Forecasts: the column that tells several series apart.", c => c.Forecast.Series, (c, v) => c with { Forecast = c.Forecast with { Series = v } }),
        Setting.Integer("forecast.horizon", 1, 500, "Forecasts: steps ahead.", c => c.Forecast.Horizon, (c, v) => c with { Forecast = c.Forecast with { Horizon = (int)v } }),
        Setting.Integer("forecast.season", 0, 10_000, "Forecasts: steps per season, such as 7 for a week of days; 0 or 1 for none.", c => c.Forecast.Season, (c, v) => c with { Forecast = c.Forecast with { Season = (int)v } }),

        Setting.Choice("training.data", "Which accepted batches a model is trained on.", c => c.Training.Data, (c, v) => c with { Training = c.Training with { Data = v } }),
        Setting.Integer("training.folds", 2, 20, "Folds of the cross-validation that ranks the candidates.", c => c.Training.Folds, (c, v) => c with { Training = c.Training with { Folds = (int)v } }),
        Setting.Number("training.holdout", 0.05, 0.5, "Fraction of the rows held out for the comparison with the champion.", c => c.Training.Holdout, (c, v) => c with { Training = c.Training with { Holdout = v } }),
        Setting.Integer("training.seed", 0, 1L << 53, "Seed of everything random.", c => c.Training.Seed, (c, v) => c with { Training = c.Training with { Seed = v } }),
        new("training.candidates", "list of trainer and parameters", "at most 200", "The candidates to train, with parameters as listed under Trainers; an empty list means the defaults of the task; the baseline is always compared too. A range or a list instead of a number is searched.",
            c => List(CandidateYaml.Show(c.Training)), CandidateYaml.Apply),
        ColumnSettings.Column("training.weight", "no column", "The column that says how much each row counts, in training and in every metric: a number ≥ 0, present in every row. It is no feature.", c => c.Training.Weight, (c, v) => c with { Training = c.Training with { Weight = v } }),
        ColumnSettings.Map<double>(
            "training.classWeights", "class: number", "0.001 … 1000", "Factor on the weight of a class's rows in training, not in the metrics; classes that are not named have 1.", "classes with numbers, such as {churned: 5}",
            c => c.Training.ClassWeights, (c, v) => c with { Training = c.Training with { ClassWeights = v } }, Setting.Digits, ColumnSettings.Number(0.001, 1000)),
        ColumnSettings.Map<Direction>(
            "training.monotone", "column name: direction", "increasing, decreasing", "Numeric columns with which the prediction (two classes: the probability of the second) may only move one way.", "columns with increasing or decreasing, such as {income: increasing}",
            c => c.Training.Monotone, (c, v) => c with { Training = c.Training with { Monotone = v } }, Setting.Name, Setting.TryChoice),
        Setting.Integer("training.maxCandidates", 1, 200, "Candidates trained at most.", c => c.Training.MaxCandidates, (c, v) => c with { Training = c.Training with { MaxCandidates = (int)v } }),
        Setting.Duration("training.timeLimit", TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), "Time after which a training fails, and a search ends with what it has found.", c => c.Training.TimeLimit, (c, v) => c with { Training = c.Training with { TimeLimit = v } }),
        Setting.Choice("training.search.method", "Where the settings of candidates with ranges come from; without such candidates those of boosting, for anomalies of isolationForest, are searched. none: no search.", c => c.Training.Search.Method, (c, v) => Search(c, s => s with { Method = v })),
        Setting.Choice("training.search.schedule", "How much of the cross-validation a trial gets: all folds, or first a few and more for the best.", c => c.Training.Search.Schedule, (c, v) => Search(c, s => s with { Schedule = v })),
        Setting.Integer("training.search.trials", 1, 100, "Settings tried at most, for each candidate with ranges.", c => c.Training.Search.Trials, (c, v) => Search(c, s => s with { Trials = (int)v })),
        Setting.Integer("training.search.parallel", 1, 16, "Trials measured at a time.", c => c.Training.Search.Parallel, (c, v) => Search(c, s => s with { Parallel = (int)v })),
        Setting.Integer("training.search.rungs", 1, 6, "Rungs of a halving, from a few folds to all.", c => c.Training.Search.Rungs, (c, v) => Search(c, s => s with { Rungs = (int)v })),
        Setting.Integer("training.search.reduction", 2, 10, "One trial in this many goes on to the next rung.", c => c.Training.Search.Reduction, (c, v) => Search(c, s => s with { Reduction = (int)v })),
        Setting.Choice("training.compression", "How the winner is made smaller before it is exported: linear coefficients in half precision, fewer trees, or small trees that imitate it. The run reports what it cost.", c => c.Training.Compression, (c, v) => c with { Training = c.Training with { Compression = v } }),
        Setting.Number("training.compressionLoss", 0, 1, "How much worse the metric may get by compression, as a fraction of its value; where it gets worse the model stays as it is.", c => c.Training.CompressionLoss, (c, v) => c with { Training = c.Training with { CompressionLoss = v } }),

        Setting.Integer("validation.minimumRows", 1, 1_000_000, "Fewer rows block the batch.", c => c.Validation.MinimumRows, (c, v) => c with { Validation = c.Validation with { MinimumRows = (int)v } }),
        Fraction("validation.badRows", "More than this fraction of rows that cannot be split into columns blocks; fewer warn.", v => v.BadRows, (v, x) => v with { BadRows = x }),
        Fraction("validation.badValues", "More than this fraction of a column's values that do not convert to its kind blocks; fewer warn.", v => v.BadValues, (v, x) => v with { BadValues = x }),
        Validation("validation.rangeMargin", 1000, "A number outside the first batch's range by more than this multiple of the range warns.", v => v.RangeMargin, (v, x) => v with { RangeMargin = x }),
        Validation("validation.farMargin", 1_000_000, "A number outside by more than this multiple of the range is far outside.", v => v.FarMargin, (v, x) => v with { FarMargin = x }),
        Fraction("validation.farValues", "More than this fraction of a column far outside blocks.", v => v.FarValues, (v, x) => v with { FarValues = x }),
        Fraction("validation.missingRise", "A rise of a column's missing fraction beyond this, and beyond chance, warns.", v => v.MissingRise, (v, x) => v with { MissingRise = x }),
        Fraction("validation.missingBlock", "A rise of a column's missing fraction beyond this blocks.", v => v.MissingBlock, (v, x) => v with { MissingBlock = x }),
        Fraction("validation.newCategories", "More than this fraction of a column in unknown categories warns.", v => v.NewCategories, (v, x) => v with { NewCategories = x }),
        Fraction("validation.newCategoriesBlock", "More than this fraction of a column in unknown categories blocks.", v => v.NewCategoriesBlock, (v, x) => v with { NewCategoriesBlock = x }),
        Fraction("validation.duplicateRise", "A rise beyond this of the fraction of rows that repeat an earlier row warns.", v => v.DuplicateRise, (v, x) => v with { DuplicateRise = x }),
        Setting.Number("validation.rowsFactor", 1, 1_000_000, "This many times more or fewer rows than in the first batch warn.", c => c.Validation.RowsFactor, (c, v) => c with { Validation = c.Validation with { RowsFactor = v } }),

        new("gates.metric", "metric name", MetricNames, "The metric by which candidates are ranked, and the best of them is compared with the champion.",
            c => c.Gates.Metric ?? "default of the task", ApplyMetric),
        Setting.Number("gates.margin", 0, 1_000_000, "How much worse than the champion is still good enough, in the unit of the metric; 0 asks for better.", c => c.Gates.Margin, (c, v) => c with { Gates = c.Gates with { Margin = v } }),
        Setting.Number("gates.alpha", 0.001, 0.25, "Chance of promoting a candidate that is no better than the champion less the margin.", c => c.Gates.Alpha, (c, v) => c with { Gates = c.Gates with { Alpha = v } }),
        Setting.Integer("gates.resamples", 1000, 100_000, "Resamples of the paired bootstrap.", c => c.Gates.Resamples, (c, v) => c with { Gates = c.Gates with { Resamples = (int)v } }),
        new("gates.floors", "metric name: number", "at most 20", "The worst value allowed of each metric; the largest where less is better.",
            c => List(c.Gates.Floors.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}: {Setting.Digits(f.Value)}")), ApplyFloors),

        ColumnSettings.Map<double>(
            "gates.fairness", "column name: number", "0 … 1", "Columns that divide the rows into groups, features or not, with the largest difference of true or false positive rates between groups (of 30 hold-out rows or more) that a candidate for two classes may show.", "columns with numbers, such as {region: 0.1}",
            c => c.Gates.Fairness, (c, v) => c with { Gates = c.Gates with { Fairness = v } }, Setting.Digits, ColumnSettings.Number(0, 1)),

        Setting.Number("decision.falsePositiveCost", 0, 1_000_000, "Two classes: what it costs to predict the second one wrongly. The label is chosen by the threshold that is cheapest on out-of-fold predictions.", c => c.Decision.FalsePositiveCost, (c, v) => c with { Decision = c.Decision with { FalsePositiveCost = v } }),
        Setting.Number("decision.falseNegativeCost", 0, 1_000_000, "Two classes: what it costs to miss the second one. With equal costs the likelier class is the label.", c => c.Decision.FalseNegativeCost, (c, v) => c with { Decision = c.Decision with { FalseNegativeCost = v } }),

        new("rollout.steps", "list of percent", "1 … 99, ascending, at most 20", "Traffic of the new version in each canary step; all traffic follows the last. An empty list switches at once.",
            c => List(c.Rollout.Steps.Select(s => s.ToString(CultureInfo.InvariantCulture))), ApplySteps),
        Setting.Duration("rollout.bake", TimeSpan.Zero, TimeSpan.FromDays(7), "Time in each step.", c => c.Rollout.Bake, (c, v) => c with { Rollout = c.Rollout with { Bake = v } }),
        Setting.Number("rollout.errorMargin", 0.001, 0.5, "The canary takes over once it is shown to fail more often than the champion by less than this fraction of the requests.", c => c.Rollout.ErrorMargin, (c, v) => c with { Rollout = c.Rollout with { ErrorMargin = v } }),
        Setting.Number("rollout.latencyMargin", 0.01, 1, "The canary takes over once it is shown that at no duration the share of requests that take longer exceeds the champion's by this or more; a step of the scale 1, 2, 3, 5, 7, 10 … ms is not counted, and 1 does not wait for latency.", c => c.Rollout.LatencyMargin, (c, v) => c with { Rollout = c.Rollout with { LatencyMargin = v } }),
        Setting.Number("rollout.qualityMargin", 0, 1_000_000, "Above 0, the canary takes over only once labels show that it is less good by less than this: classes, wrong predictions as a fraction; numbers, the mean absolute error in its unit, one error counting at most ten times the champion's mean.", c => c.Rollout.QualityMargin, (c, v) => c with { Rollout = c.Rollout with { QualityMargin = v } }),
        Setting.Number("rollout.alpha", 0.001, 0.25, "Chance that a rollout takes back a canary that is no worse, however often one looks.", c => c.Rollout.Alpha, (c, v) => c with { Rollout = c.Rollout with { Alpha = v } }),
        Setting.Number("rollout.power", 0.75, 0.999, "Chance that a canary which is worse by one of these margins or more is kept from taking over.", c => c.Rollout.Power, (c, v) => c with { Rollout = c.Rollout with { Power = v } }),
        Setting.Integer("rollout.minRequests", 1, 1_000_000, "Requests to each version in a step below which nothing is decided.", c => c.Rollout.MinRequests, (c, v) => c with { Rollout = c.Rollout with { MinRequests = (int)v } }),

        Setting.Number("monitoring.falseAlarmsPerMonth", 0.01, 100, "Drift alarms per month to be expected when nothing drifts.", c => c.Monitoring.FalseAlarmsPerMonth, (c, v) => c with { Monitoring = c.Monitoring with { FalseAlarmsPerMonth = v } }),
        Setting.Number("monitoring.minimumEffect", 0, 10, "A smaller change is not drift, however certain: numbers in standard deviations of the reference, categories and missing values in shares of the rows.", c => c.Monitoring.MinimumEffect, (c, v) => c with { Monitoring = c.Monitoring with { MinimumEffect = v } }),
        Setting.Integer("monitoring.minRows", 20, 1_000_000, "Predictions in a window below which nothing is decided.", c => c.Monitoring.MinRows, (c, v) => c with { Monitoring = c.Monitoring with { MinRows = (int)v } }),
        Setting.Duration("monitoring.window", TimeSpan.FromHours(1), TimeSpan.FromDays(90), "Length of the window of predictions that is compared.", c => c.Monitoring.Window, (c, v) => c with { Monitoring = c.Monitoring with { Window = v } }),
        Setting.Choice("monitoring.seasonality", "A window that differs from the training data is compared again with the same hour of other days (daily), or the same weekday and hour of other weeks (weekly), where there are two or more.",
            c => c.Monitoring.Seasonality, (c, v) => c with { Monitoring = c.Monitoring with { Seasonality = v } }),
        Setting.Integer("monitoring.persistWindows", 1, 10, "Consecutive drifted windows that declare drift.", c => c.Monitoring.PersistWindows, (c, v) => c with { Monitoring = c.Monitoring with { PersistWindows = (int)v } }),

        Setting.Boolean("retraining.onDrift", "Whether drift requests a training.", c => c.Retraining.OnDrift, (c, v) => c with { Retraining = c.Retraining with { OnDrift = v } }),
        Setting.Duration("retraining.minimumInterval", TimeSpan.Zero, TimeSpan.FromDays(365), "Time between two trainings at least.", c => c.Retraining.MinimumInterval, (c, v) => c with { Retraining = c.Retraining with { MinimumInterval = v } }),
        Setting.Integer("retraining.dailyBudget", 0, 1000, "Trainings a day (UTC) at most.", c => c.Retraining.DailyBudget, (c, v) => c with { Retraining = c.Retraining with { DailyBudget = (int)v } }),

        new("notifications.webhooks", "list of https addresses", "at most 5", "Where drift, failed pipelines, promotions and withdrawn canaries are posted, signed.",
            c => List(c.Notifications.Webhooks.Select(Setting.Quote)), ApplyWebhooks),
    ];

    private static ModelConfiguration Search(ModelConfiguration c, Func<TrainingSearchOptions, TrainingSearchOptions> set) => c with { Training = c.Training with { Search = set(c.Training.Search) } };

    private static Setting Fraction(string key, string meaning, Func<ValidationOptions, double> get, Func<ValidationOptions, double, ValidationOptions> set) =>
        Validation(key, 1, meaning, get, set);

    private static Setting Validation(string key, double maximum, string meaning, Func<ValidationOptions, double> get, Func<ValidationOptions, double, ValidationOptions> set) =>
        Setting.Number(key, 0, maximum, meaning, c => get(c.Validation), (c, v) => c with { Validation = set(c.Validation, v) });

    private static bool IsMetric(string name) => Metrics.All.Contains(name, StringComparer.Ordinal);

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static ModelConfiguration ApplyIgnore(ModelConfiguration c, YamlNode node, Complaints complaints)
    {
        if (node is not YamlList { Items.Count: <= ColumnSettings.MaxNames } list)
        {
            return complaints.Add(c, node, $"a list of at most {ColumnSettings.MaxNames} column names, such as [id, comment]");
        }

        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (YamlNode item in list.Items)
        {
            if (ColumnSettings.IsName(item, out string name))
            {
                names.Add(name);
            }
            else
            {
                complaints.Add(c, item, "the name of a column, 1 to 256 characters");
            }
        }

        return c with { Ignore = [.. names] };
    }

    private static ModelConfiguration ApplyMetric(ModelConfiguration c, YamlNode node, Complaints complaints) =>
        node is YamlScalar scalar && IsMetric(scalar.Text)
            ? c with { Gates = c.Gates with { Metric = scalar.Text } }
            : complaints.Add(c, node, $"one of {MetricNames}");

    private static ModelConfiguration ApplyFloors(ModelConfiguration c, YamlNode node, Complaints complaints)
    {
        if (node is not YamlMap { Entries.Count: <= 20 } map)
        {
            return complaints.Add(c, node, "at most 20 metrics with numbers, such as {accuracy: 0.8}");
        }

        SortedDictionary<string, double> floors = new(StringComparer.Ordinal);
        foreach ((YamlScalar key, YamlNode value) in map.Entries)
        {
            if (!IsMetric(key.Text))
            {
                complaints.Add(c, key, $"one of {MetricNames}");
            }
            else if (value is YamlScalar { IsPlain: true } scalar && Setting.TryNumber(scalar.Text, out double floor))
            {
                floors[key.Text] = floor;
            }
            else
            {
                complaints.Add(c, value, $"a number for the metric '{Excerpt.Of(key.Text)}'");
            }
        }

        return c with { Gates = c.Gates with { Floors = floors } };
    }

    private static ModelConfiguration ApplySteps(ModelConfiguration c, YamlNode node, Complaints complaints)
    {
        const string Expected = "a list of at most 20 ascending whole numbers in 1 … 99, such as [10, 50]";
        if (node is not YamlList { Items.Count: <= 20 } list)
        {
            return complaints.Add(c, node, Expected);
        }

        List<int> steps = [];
        foreach (YamlNode item in list.Items)
        {
            if (item is not YamlScalar { IsPlain: true } scalar || !Setting.TryInteger(scalar.Text, out long step) || step is < 1 or > 99 || (steps.Count > 0 && step <= steps[^1]))
            {
                return complaints.Add(c, item, Expected);
            }

            steps.Add((int)step);
        }

        return c with { Rollout = c.Rollout with { Steps = steps } };
    }

    private static ModelConfiguration ApplyWebhooks(ModelConfiguration c, YamlNode node, Complaints complaints)
    {
        string[] addresses = [.. (node as YamlList)?.Items.Select(item => (item as YamlScalar)?.Text ?? string.Empty) ?? [string.Empty]];
        return addresses.Length <= 5 && addresses.All(address => WebhookAddress.TryParse(address, out _))
            ? c with { Notifications = new NotificationOptions { Webhooks = [.. addresses.Distinct(StringComparer.Ordinal)] } }
            : complaints.Add(c, node, "a list of at most 5 addresses, such as [https://example.org/hooks/mlops]");
    }
}
