namespace Mlops.Core.Learning.Search;

/// <summary>The search for the settings of one candidate, as data. The budget of its trials are the folds of a cross-validation.</summary>
/// <remarks>A trial with part of the budget is measured on the first folds only. That is the same measure as on all of them with more noise, whereas fewer rows or
/// iterations would favour settings that learn fast; and a setting that goes on keeps the folds it has.</remarks>
/// <param name="Fixed">The trainer with the settings that stay.</param>
/// <param name="State">The search for the others.</param>
public sealed record CandidateSearch(CandidateSpec Fixed, SearchState State)
{
    /// <summary>The candidate that a trial measures.</summary>
    public CandidateSpec Candidate(Trial trial)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return new CandidateSpec(Fixed.Trainer, Fixed.Parameters.Concat(trial.Parameters).OrderBy(p => p.Key, StringComparer.Ordinal).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
    }

    /// <summary>The folds that a trial is measured on: its share, rounded up.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="folds">All folds, ≥ 1.</param>
    public static int Folds(Trial trial, int folds)
    {
        ArgumentNullException.ThrowIfNull(trial);

        // A guard against 1/3 · 3 = 1.0000000000000002.
        return Math.Clamp((int)Math.Ceiling((trial.Budget * folds) - 1e-9), 1, folds);
    }
}
