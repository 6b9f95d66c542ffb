namespace Mlops.Core.Learning;

/// <summary>Which candidates a training run tries, and whether a candidate that was asked for is well-formed.</summary>
public static class Candidates
{
    /// <summary>The trainers' names.</summary>
    public static IReadOnlyList<string> Trainers { get; } = ["baseline", "linear", "boosting"];

    /// <summary>The candidates to try when nothing is configured: the baseline, a linear model, then boosting settings, best guesses first.</summary>
    /// <param name="task">What is to be learned.</param>
    /// <param name="rows">Training rows, ≥ 1.</param>
    /// <param name="features">Feature columns, ≥ 0.</param>
    /// <param name="maximum">Candidates at most, ≥ 1.</param>
    /// <param name="seed">Chooses the settings beyond the first few.</param>
    public static IReadOnlyList<CandidateSpec> Propose(LearningTask task, int rows, int features, int maximum, ulong seed) => throw new NotImplementedException();

    /// <summary>What is wrong with a candidate, one sentence each; empty when it can be trained.</summary>
    public static IReadOnlyList<string> Check(CandidateSpec spec) => throw new NotImplementedException();
}
