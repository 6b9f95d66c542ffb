using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Configuration;

/// <summary>What decides between candidates: the number that a regression asks for, which follows from the losses of its candidates, and the metrics that model.yaml names.</summary>
internal static class TrainingObjective
{
    private const string Trainer = "boosting";
    private const string Loss = "loss";
    private const string Quantile = "quantile";

    /// <summary>The resolution with the quantile that is asked for; without a task where candidates or metrics do not go together.</summary>
    public static TaskResolution Apply(TaskResolution resolution, ModelConfiguration configuration)
    {
        if (resolution.Task is not { } task)
        {
            return resolution;
        }

        List<DataProblem> problems = [];
        if (task.Kind == TaskKind.Regression)
        {
            task = task with { Quantile = QuantileOf(configuration.Training, problems) };
        }

        string[] known = [.. Metrics.Names(task)];
        string[] floors = [.. configuration.Gates.Floors.Keys];
        foreach ((string key, string name) in floors.Select(floor => ("gates.floors", floor)).Append(("gates.metric", configuration.Gates.MetricOf(task))).Where(named => !known.Contains(named.Item2)))
        {
            problems.Add(new DataProblem(
                null, null, $"{key}: {name} for a {task.Kind} task", $"one of {string.Join(", ", known)}", $"Correct '{key}' in model.yaml{(name == "pinball" ? "; pinball is for candidates with loss: quantile" : "")}.", Severity.Block));
        }

        return problems.Count == 0 ? resolution with { Task = task } : resolution with { Task = null, Problems = [.. resolution.Problems, .. problems] };
    }

    /// <summary>The quantile that all candidates with a loss predict; null for the mean, which a median may be compared with.</summary>
    private static double? QuantileOf(TrainingOptions training, List<DataProblem> problems)
    {
        double?[] aims = [.. training.Candidates.Select(candidate => new CandidateSpace(candidate, new SearchSpace([])))
            .Concat(training.Spaces).Where(space => space.Fixed.Trainer == Trainer).SelectMany(Aims).Distinct()];
        if (aims.Length > 1 && aims.Any(aim => aim is not (null or 0.5)))
        {
            string found = string.Join(", ", aims.Select(aim => aim is { } quantile ? string.Create(CultureInfo.InvariantCulture, $"the quantile {quantile}") : "the mean"));
            problems.Add(new DataProblem(
                null, null, $"training.candidates that predict different numbers: {found}", "the same quantile from all candidates with a loss: no metric compares different ones", "Correct 'loss' and 'quantile' in model.yaml, or make a model of each.", Severity.Block));
        }

        return aims.Length == 1 ? aims[0] : null;
    }

    /// <summary>Per loss and quantile that a boosting candidate may have what it predicts: a quantile, or null for the mean.</summary>
    private static IEnumerable<double?> Aims(CandidateSpace space)
    {
        foreach (double loss in Values(space, Loss, value => Enumerable.Range((int)value.Minimum, (int)(value.Maximum - value.Minimum) + 1).Select(v => (double)v)))
        {
            double?[] aims = (BoostingLoss)loss switch
            {
                BoostingLoss.Absolute => [0.5],
                BoostingLoss.Quantile => [.. Values(space, Quantile, value => [value.Minimum, value.Maximum]).Select(quantile => (double?)quantile)],
                _ => [null],
            };
            foreach (double? aim in aims)
            {
                yield return aim;
            }
        }
    }

    private static IEnumerable<double> Values(CandidateSpace space, string name, Func<SearchParameter, IEnumerable<double>> range) =>
        space.Space.Parameters.FirstOrDefault(p => p.Name == name) is { } searched ? searched.Choices ?? range(searched)
        : [space.Fixed.Parameters.TryGetValue(name, out double value) ? value : Candidates.Parameters(Trainer).First(p => p.Name == name).Default];
}
