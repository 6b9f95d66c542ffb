using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Learning.Search;

/// <summary>A candidate of whose settings some are searched for.</summary>
/// <param name="Fixed">The trainer with the settings that stay.</param>
/// <param name="Space">The settings that are searched for.</param>
public sealed record CandidateSpace(CandidateSpec Fixed, SearchSpace Space)
{
    // Small steps need many iterations; early stopping ends the others.
    private const double DefaultIterations = 1000;

    /// <summary>What is searched when no candidate names a range: isolation forests for anomalies, boosting (with the loss of the quantile that is asked for) for all else, over <see cref="SearchSpace.For"/>.</summary>
    /// <param name="task">What is learned.</param>
    /// <param name="rows">Training rows, ≥ 1.</param>
    public static CandidateSpace Default(LearningTask task, int rows)
    {
        ArgumentNullException.ThrowIfNull(task);
        if (task.Kind == TaskKind.Anomaly)
        {
            return new(new CandidateSpec("isolationForest", new Dictionary<string, double>()), SearchSpace.For("isolationForest", rows));
        }

        Dictionary<string, double> settings = new() { ["iterations"] = DefaultIterations };
        if (task.Quantile is { } quantile)
        {
            settings["loss"] = (double)BoostingLoss.Quantile;
            settings["quantile"] = quantile;
        }

        return new(new CandidateSpec("boosting", settings), SearchSpace.For("boosting", rows));
    }

    /// <summary>What is wrong with it, one sentence each: a space that is not well-formed, or ends of ranges that the trainer does not allow.</summary>
    public IReadOnlyList<string> Check()
    {
        IEnumerable<CandidateSpec> ends = Space.Parameters
            .SelectMany(p => (p.Choices ?? [p.Minimum, p.Maximum]).Select(value => new CandidateSpec(Fixed.Trainer, new Dictionary<string, double> { [p.Name] = value })));
        return [.. Candidates.Check(Fixed).Concat(Space.Check()).Concat(ends.SelectMany(Candidates.Check)).Distinct(StringComparer.Ordinal)];
    }
}
