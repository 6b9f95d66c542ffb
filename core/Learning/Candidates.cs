using System.Globalization;
using Mlops.Core.Learning.Trainers;

namespace Mlops.Core.Learning;

/// <summary>Which candidates a training run tries, and whether a candidate that was asked for is well-formed.</summary>
public static class Candidates
{
    /// <summary>More rows than this and no forest is proposed: full-depth trees grow with the rows, and so do the model file and the memory to serve it.</summary>
    private const int MaxForestRows = 5000;

    /// <summary>Up to this many rows large trees see only noise in their lower splits.</summary>
    private const int SmallRows = 500;

    /// <summary>The trainers' names, simplest first.</summary>
    public static IReadOnlyList<string> Trainers { get; } = [.. TrainerKind.All.Select(t => t.Name)];

    /// <summary>The settings of a trainer.</summary>
    /// <exception cref="ArgumentException">There is no such trainer.</exception>
    public static IReadOnlyList<TrainerParameter> Parameters(string trainer) => TrainerKind.Of(new CandidateSpec(trainer, new Dictionary<string, double>())).Parameters;

    /// <summary>What a trainer is, in a sentence or two.</summary>
    /// <exception cref="ArgumentException">There is no such trainer.</exception>
    public static string Description(string trainer) => TrainerKind.Of(new CandidateSpec(trainer, new Dictionary<string, double>())).Description;

    /// <summary>The candidates to try when nothing is configured: the baseline, a linear model, boosting settings and for few rows forests, best guesses first.</summary>
    /// <param name="task">What is to be learned.</param>
    /// <param name="rows">Training rows, ≥ 1.</param>
    /// <param name="features">Feature columns, ≥ 0.</param>
    /// <param name="maximum">Candidates at most, ≥ 1.</param>
    /// <param name="seed">Chooses the settings beyond the first few.</param>
    public static IReadOnlyList<CandidateSpec> Propose(LearningTask task, int rows, int features, int maximum, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);

        if (task.Kind == TaskKind.Anomaly)
        {
            return [.. Detectors().Take(maximum)];
        }

        // A leaf of 20 rows is a fifth of 100 rows: small sets need smaller leaves to see anything at all.
        double leaf = Math.Clamp(rows / 100, 2, 20);
        double strength = Round(Math.Clamp(2.0 / rows, 1e-4, 0.1));
        CandidateSpec weak = Spec("linear", ("strength", Round(strength / 10)));
        CandidateSpec extraTrees = Spec("extraTrees", ("trees", 100), ("minLeafRows", 2), ("columnFraction", 1));
        CandidateSpec Forest(int trees, int leafRows) => Spec("forest", ("trees", trees), ("minLeafRows", leafRows));

        // The log odds of a leaf are known to about 1/√(sum of second derivatives). With a limit on that sum instead of rows, a rare class gets leaves of its few rows.
        CandidateSpec plain = task.Classifies
            ? Spec("boosting", ("minLeafRows", 1), ("minLeafWeight", 1), ("l2", 1))
            : Spec("boosting", ("minLeafRows", Math.Clamp(rows / 20, 2, 20)));
        List<CandidateSpec> candidates = [Spec(task.Forecast is null ? "baseline" : "naive"), Spec("linear", ("strength", strength)), plain];
        if (rows <= SmallRows)
        {
            // Many small steps of tiny trees, averages of many trees, or a line.
            candidates.Add(Spec("boosting", ("minLeafRows", leaf), ("maxLeaves", 4), ("learningRate", 0.05), ("iterations", 800), ("columnFraction", 0.5), ("rowFraction", 0.8), ("l2", 1)));
            candidates.AddRange([extraTrees, Forest(200, 1), weak, Forest(100, 2)]);
        }
        else
        {
            candidates.Add(Spec("boosting", ("minLeafRows", leaf), ("maxLeaves", 8), ("learningRate", 0.05), ("iterations", 600), ("l2", 1)));
            candidates.Add(Spec("boosting", ("minLeafRows", leaf), ("maxLeaves", 63), ("learningRate", 0.05), ("iterations", 600), ("columnFraction", 0.7), ("rowFraction", 0.8)));

            // As many trees as keep their leaves, and with them the model file, about the same size.
            candidates.AddRange(rows <= MaxForestRows ? [Forest(Math.Clamp(MaxForestRows * 100 / rows, 100, 200), 2), extraTrees, weak] : [weak]);
        }

        candidates.Add(Spec("linear", ("strength", Round(10 * strength)), ("l1Ratio", 0.5)));
        candidates.RemoveAll(candidate => CheckTask(candidate, task).Count > 0);
        SeededRandom random = new(SeededRandom.Mix(seed, (ulong)rows));
        while (candidates.Count < maximum)
        {
            candidates.Add(Spec(
                "boosting",
                ("minLeafRows", Math.Max(2, Math.Round(leaf * Math.Pow(2, (random.NextDouble() * 4) - 2)))),
                ("maxLeaves", Math.Round(Math.Pow(2, 2 + (random.NextDouble() * 5)))),
                ("learningRate", Round(Math.Pow(10, -1.7 + (random.NextDouble() * 0.9)))),
                ("iterations", 800),
                ("columnFraction", Round(0.4 + (0.6 * random.NextDouble()))),
                ("rowFraction", Round(0.5 + (0.5 * random.NextDouble()))),
                ("l2", Round(Math.Pow(10, -2 + (random.NextDouble() * 3))))));
        }

        return [.. candidates.Take(maximum)];
    }

    /// <summary>What is wrong with a candidate for a task, one sentence each; empty when it can be trained.</summary>
    public static IReadOnlyList<string> Check(CandidateSpec spec, LearningTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        IReadOnlyList<string> errors = Check(spec);
        return errors.Count > 0 ? errors : CheckTask(spec, task);
    }

    /// <summary>What is wrong with a candidate whatever the task, one sentence each; empty when it is well-formed.</summary>
    public static IReadOnlyList<string> Check(CandidateSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        TrainerKind? kind = TrainerKind.All.FirstOrDefault(t => t.Name == spec.Trainer);
        if (kind is null)
        {
            return [$"There is no trainer '{spec.Trainer}'; expected one of: {string.Join(", ", Trainers)}."];
        }

        List<string> errors = [];
        foreach ((string name, double value) in spec.Parameters.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            TrainerParameter? parameter = kind.Parameters.FirstOrDefault(p => p.Name == name);
            if (parameter is null)
            {
                string known = kind.Parameters.Count == 0 ? "it has none" : $"expected one of: {string.Join(", ", kind.Parameters.Select(p => p.Name))}";
                errors.Add($"Trainer '{spec.Trainer}' has no parameter '{name}'; {known}.");
            }
            else if (!(value >= parameter.Minimum && value <= parameter.Maximum) || (parameter.Whole && value != Math.Floor(value)))
            {
                errors.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Trainer '{spec.Trainer}', parameter '{name}': found {value:R}, expected {(parameter.Whole ? "a whole number" : "a number")} in {parameter.Minimum:R} … {parameter.Maximum:R}."));
            }
        }

        return errors;
    }

    private static IReadOnlyList<string> CheckTask(CandidateSpec spec, LearningTask task)
    {
        TrainerKind kind = TrainerKind.Of(spec);
        if (!kind.Learns(task))
        {
            string what = task.Kind == TaskKind.Anomaly ? "anomalies" : task.Forecast is null ? "what is no forecast and no anomaly" : "forecasts";
            return [$"Trainer '{spec.Trainer}' does not learn {what}; expected one of: {string.Join(", ", TrainerKind.All.Where(t => t.Learns(task)).Select(t => t.Name))}."];
        }

        return task.Monotone is { Count: > 0 } monotone && !kind.KeepsMonotone
            ? [$"Trainer '{spec.Trainer}' cannot promise that the prediction moves only one way with {string.Join(", ", monotone.Keys.Select(name => $"'{name}'"))} (training.monotone); expected one of: {string.Join(", ", TrainerKind.All.Where(t => t.KeepsMonotone && t.Learns(task)).Select(t => t.Name))}."]
            : [];
    }

    /// <summary>Isolation forests that see fewer or more rows at a time.</summary>
    private static IEnumerable<CandidateSpec> Detectors() =>
    [
        Spec("baseline"),
        Spec("isolationForest"),
        Spec("isolationForest", ("trees", 300)),
        Spec("isolationForest", ("trees", 200), ("sampleRows", 1024)),
        Spec("isolationForest", ("trees", 400), ("sampleRows", 64)),
    ];

    private static CandidateSpec Spec(string trainer, params ReadOnlySpan<(string Name, double Value)> parameters)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        foreach ((string name, double value) in parameters)
        {
            values.Add(name, value);
        }

        return new CandidateSpec(trainer, values);
    }

    private static double Round(double value) => Math.Round(value, 5);
}
