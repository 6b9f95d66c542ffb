using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting.Losses;

namespace Mlops.Core.Evaluation;

/// <summary>What a first model must beat: one prediction for all rows, made of their own answers.</summary>
/// <remarks>The shares of the classes; of numbers what the metric is least for: their median (<c>mae</c>), their quantile (<c>pinball</c>), else their mean.</remarks>
internal static class BestConstant
{
    /// <summary>The prediction, for every row of the target.</summary>
    /// <param name="rows">The rows with an answer.</param>
    /// <param name="metric">The metric that decides.</param>
    /// <param name="count">Rows of the target, with or without an answer.</param>
    public static Predictions Of(ScoredRows rows, string metric, int count)
    {
        float[] constant = rows.Task switch
        {
            { Classifies: true } => Shares(rows),
            { Kind: TaskKind.Anomaly } => [0],
            _ when rows.Weights.Sum() == 0 => [0],
            _ => [metric switch
            {
                "mae" => Quantile(rows, 0.5),
                "pinball" => Quantile(rows, rows.Task.Quantile!.Value),
                _ => (float)(Enumerable.Range(0, rows.Count).Sum(i => rows.Weights[i] * rows.Answers[i]) / rows.Weights.Sum()),
            }],
        };
        float[] scores = new float[count * constant.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] = constant[i % constant.Length];
        }

        return new Predictions(scores, constant.Length);
    }

    private static float[] Shares(ScoredRows rows)
    {
        float[] shares = new float[rows.Task.Width];
        double total = rows.Weights.Sum();
        for (int c = 0; c < shares.Length; c++)
        {
            shares[c] = total > 0 ? (float)(Enumerable.Range(0, rows.Count).Where(i => rows.Classes[i] == c).Sum(i => rows.Weights[i]) / total) : 1f / shares.Length;
        }

        return shares;
    }

    private static float Quantile(ScoredRows rows, double quantile) =>
        (float)WeightedQuantile.Of([.. rows.Answers.Select(y => (float)y)], [.. rows.Weights.Select(w => (float)w)], quantile);
}
