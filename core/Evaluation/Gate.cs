using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Decides whether a candidate replaces the champion.</summary>
public static class Gate
{
    /// <summary>Compares on the same hold-out rows.</summary>
    /// <param name="task">What both predict.</param>
    /// <param name="target">The answers.</param>
    /// <param name="candidate">The candidate's predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="champion">The champion's for the same rows, or null when there is none.</param>
    /// <param name="options">Settings.</param>
    public static GateResult Decide(LearningTask task, Column target, Predictions candidate, Predictions? champion, GateOptions options) => throw new NotImplementedException();
}
