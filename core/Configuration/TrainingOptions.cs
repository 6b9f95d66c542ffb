using Mlops.Core.Learning;
using Mlops.Core.Learning.Search;

namespace Mlops.Core.Configuration;

/// <summary>How candidates are trained and compared with each other.</summary>
public sealed record TrainingOptions
{
    /// <summary>Which batches are used. Default <see cref="DataScope.All"/>.</summary>
    public DataScope Data { get; init; } = DataScope.All;

    /// <summary>Folds of the cross-validation that ranks the candidates, 2 … 20. Default 5.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Fraction of the rows held out for the comparison with the champion, 0.05 … 0.5. Default 0.2.</summary>
    public double Holdout { get; init; } = 0.2;

    /// <summary>Seed of everything random, 0 … 2⁵³. Default 42.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>The candidates to train; without any, and without <see cref="Spaces"/>, the defaults of the task. Default empty.</summary>
    public IReadOnlyList<CandidateSpec> Candidates { get; init; } = [];

    /// <summary>The candidates with ranges instead of numbers, at most 5; they need a <see cref="TrainingSearchOptions.Method"/>. Default empty.</summary>
    public IReadOnlyList<CandidateSpace> Spaces { get; init; } = [];

    /// <summary>How settings are searched for. Default not at all.</summary>
    public TrainingSearchOptions Search { get; init; } = new();

    /// <summary>The column that says how much each row counts. Default null: every row counts 1.</summary>
    public string? Weight { get; init; }

    /// <summary>Factor on the weight of a class's rows in training, 0.001 … 1,000, by class. Default none.</summary>
    public IReadOnlyDictionary<string, double> ClassWeights { get; init; } = new Dictionary<string, double>();

    /// <summary>Which way the prediction may move with a numeric column, by column. Default none.</summary>
    public IReadOnlyDictionary<string, Direction> Monotone { get; init; } = new Dictionary<string, Direction>();

    /// <summary>Candidates trained at most, 1 … 200. Default 8.</summary>
    public int MaxCandidates { get; init; } = 8;

    /// <summary>Time after which a training fails, and after which a search ends with what it has found; 1 minute … 24 hours. Default 30 minutes.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(30);
}
