using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;

namespace Mlops.Core.Evaluation;

/// <summary>What models are compared on.</summary>
/// <param name="Target">The answers; rows without one are left out.</param>
public sealed record HoldoutRows(Column Target)
{
    /// <summary>How much each row counts; null for 1 each.</summary>
    public Column? Weights { get; init; }

    /// <summary>Per row the block that it is drawn with, 0, 1, …: rows of a block share their errors, those of different ones do not. Null when every row is drawn alone.</summary>
    public IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>What a first model must beat; null for the best constant prediction.</summary>
    public Predictions? Naive { get; init; }

    /// <summary>The rows of a task's hold-out as <see cref="TaskSplit"/> makes it.</summary>
    /// <remarks>Forecasts that were made within one horizon of each other share the values they forecast and are drawn together; a first forecast must beat the seasonal naive one.
    /// A row and its synthetic copy are drawn together.</remarks>
    public static HoldoutRows Of(LearningTask task, DataTable holdout)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(holdout);
        HoldoutRows rows = new(holdout[task.Target]) { Weights = task.WeightsOf(holdout) };
        return task switch
        {
            { Forecast: { } plan } => rows with { Blocks = ForecastSplit.Blocks(holdout, plan), Naive = NaiveForecast(holdout, plan) },
            { Kind: TaskKind.Anomaly } => rows with { Blocks = [.. Enumerable.Range(0, holdout.RowCount).Select(i => i % (holdout.RowCount / 2))] },
            _ => rows,
        };
    }

    private static Predictions NaiveForecast(DataTable frame, ForecastPlan plan)
    {
        NumericColumn last = (NumericColumn)frame[plan.Last];
        NumericColumn? change = frame.TryGet(ForecastFrame.SeasonChange(plan), out Column? season) ? (NumericColumn)season : null;
        return new Predictions([.. Enumerable.Range(0, frame.RowCount).Select(i => (float)(last.Values[i] + (change is null || change.IsMissing(i) ? 0 : change.Values[i])))], 1);
    }
}
