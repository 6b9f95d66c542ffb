using System.Text.Json.Serialization;

namespace Mlops.Core.Evaluation;

/// <summary>What cross-validation found for one candidate: small enough to cross an orchestration.</summary>
/// <param name="Index">The candidate's place in the plan, from 0.</param>
/// <param name="Run">The run that tracks it.</param>
/// <param name="Trainer">Its trainer.</param>
/// <param name="Metric">The metric that decides.</param>
/// <param name="Mean">The metric's mean over the folds; NaN when the candidate failed.</param>
/// <param name="StandardError">The mean's standard error.</param>
public sealed record CandidateScore(
    int Index,
    string Run,
    string Trainer,
    string Metric,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Mean,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double StandardError)
{
    /// <summary>The candidate with the best mean; of equal ones the first in the plan. Null when none has a finite mean.</summary>
    public static CandidateScore? Best(IEnumerable<CandidateScore> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        CandidateScore? best = null;
        foreach (CandidateScore score in scores.Where(score => double.IsFinite(score.Mean)).OrderBy(score => score.Index))
        {
            if (best is null || (Metrics.HigherIsBetter(score.Metric) ? score.Mean > best.Mean : score.Mean < best.Mean))
            {
                best = score;
            }
        }

        return best;
    }
}
