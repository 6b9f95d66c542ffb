using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Trees;

namespace Mlops.Functions.Inference;

/// <summary>Explains rows by the trained model behind a version: Shapley values of the model's raw scores.</summary>
public sealed class RowExplainer(ModelCache models)
{
    /// <summary>Rows in one request at most.</summary>
    public const int MaximumRows = 100;

    /// <summary>Values in one answer at most (rows × columns × scores): wide tables and many classes leave fewer rows.</summary>
    public const int MaximumValues = 500_000;

    /// <summary>Rows that one request to this version may hold.</summary>
    public static int RowsFor(ServingModel serving)
    {
        ArgumentNullException.ThrowIfNull(serving);
        long perRow = (long)Math.Max(1, serving.Model.Signature.Inputs.Count) * Math.Max(1, serving.Model.Signature.Classes.Count);
        return (int)Math.Clamp(MaximumValues / perRow, 1, MaximumRows);
    }

    /// <summary>Explains rows that were read by the version's signature; null when its trained model was not kept.</summary>
    public async Task<ExplainResponse?> ExplainAsync(ServingModel serving, DataTable rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serving);
        if (await models.FindTrainedAsync(serving.Name, serving.Version.Hash, cancellationToken) is not { } trained)
        {
            return null;
        }

        IReadOnlyList<RowExplanation> explanations = trained.Explain(rows, cancellationToken: cancellationToken);
        return new ExplainResponse(serving.Name, serving.Version.Number, Scale(trained), [.. explanations.Select(row => new ExplainedRow(Scores(row, trained.Task)))]);
    }

    /// <summary>What a model's raw scores are.</summary>
    public static string Scale(FittedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return (model.Scorer.Trees?.Link ?? model.Scorer.Linear!.Link) switch
        {
            Link.Sigmoid => "logOdds",
            Link.Softmax => "logShare",
            Link.Exp => model.Task.Kind == TaskKind.Anomaly ? "logScore" : "logValue",
            _ when model.Task.Offset is not null => "change",
            _ => model.Task.Kind == TaskKind.Regression ? "value" : "probability",
        };
    }

    private static List<ExplainedScore> Scores(RowExplanation row, LearningTask task)
    {
        List<ExplainedScore> scores = [];
        for (int k = 0; k < row.Base.Count; k++)
        {
            // One raw score of two classes speaks for the second.
            string? label = task.Kind == TaskKind.Regression ? null : task.Classes[row.Base.Count == 1 ? 1 : k];
            Dictionary<string, double> values = row.Contributions.ToDictionary(column => column.Key, column => column.Value[k], StringComparer.Ordinal);
            scores.Add(new ExplainedScore(label, row.Base[k], row.Base[k] + values.Values.Sum(), values));
        }

        return scores;
    }
}
