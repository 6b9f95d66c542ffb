using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Statistics.ChangePoints;

namespace Mlops.Core.Evaluation;

/// <summary>How wrong a model was on rows that it has not seen, by slice: what its errors in service are compared with.</summary>
public static class HoldoutLosses
{
    /// <summary>Wrong (1) or right (0) for classes, the absolute error for numbers. Null for anomalies, whose hold-out is partly made up.</summary>
    /// <param name="model">The model.</param>
    /// <param name="holdout">Rows kept out of its training, with the target; rows without an answer do not count.</param>
    public static LossProfile? Of(FittedModel model, DataTable holdout)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(holdout);
        if (model.Task.Kind == TaskKind.Anomaly)
        {
            return null;
        }

        ScoredRows rows = ScoredRows.Of(model.Task, holdout[model.Task.Target], model.Predict(holdout));
        double[] losses = new double[holdout.RowCount];
        Array.Fill(losses, double.NaN);
        for (int i = 0; i < rows.Count; i++)
        {
            losses[rows.Rows[i]] = !model.Task.Classifies ? Math.Abs(rows.Scores(i)[0] - rows.Answers[i]) : rows.Best(i) == rows.Classes[i] ? 0 : 1;
        }

        // What the model does not use may explain its errors all the same, so it comes after what it does use.
        IEnumerable<string> columns = model.Importance.OrderByDescending(item => item.Importance).Select(item => item.Feature).Union(model.Task.Features, StringComparer.Ordinal);
        return LossProfile.Cut(holdout, columns, losses, model.Task.Classifies);
    }
}
