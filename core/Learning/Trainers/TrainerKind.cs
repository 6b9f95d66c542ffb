using Mlops.Core.Features;

namespace Mlops.Core.Learning.Trainers;

/// <summary>A trainer by name: its settings, the features it wants, and how it makes a model.</summary>
internal abstract class TrainerKind
{
    /// <summary>All trainers, simplest first.</summary>
    public static IReadOnlyList<TrainerKind> All { get; } = [new BaselineKind(), new NaiveKind(), new LinearKind(), new BoostingKind(), new ForestKind(false), new ForestKind(true), new IsolationForestKind()];

    /// <summary>The name in <see cref="CandidateSpec.Trainer"/>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a sentence or two.</summary>
    public abstract string Description { get; }

    /// <summary>Whether it can learn such a task.</summary>
    public virtual bool Learns(LearningTask task) => task.Kind != TaskKind.Anomaly;

    /// <summary>The settings it has.</summary>
    public abstract IReadOnlyList<TrainerParameter> Parameters { get; }

    /// <summary>Whether its predictions keep <see cref="LearningTask.Monotone"/>; where they cannot, it refuses.</summary>
    public virtual bool KeepsMonotone => false;

    /// <summary>How columns become features; null when it looks at none.</summary>
    public abstract FeatureOptions? Features(TrainerSettings settings);

    /// <summary>Trains.</summary>
    public abstract Scorer Fit(TrainingInput input, CancellationToken cancellationToken);

    /// <summary>The trainer of a candidate.</summary>
    /// <exception cref="ArgumentException">There is no such trainer.</exception>
    public static TrainerKind Of(CandidateSpec spec) => All.FirstOrDefault(t => t.Name == spec.Trainer)
        ?? throw new ArgumentException($"There is no trainer '{spec.Trainer}'; expected one of: {string.Join(", ", All.Select(t => t.Name))}.", nameof(spec));
}
