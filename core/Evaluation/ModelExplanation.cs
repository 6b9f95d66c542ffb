using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Explanation;

namespace Mlops.Core.Evaluation;

/// <summary>What a model goes by and where it does worst, measured on rows that it has not seen; small enough for a page, whatever the data.</summary>
/// <param name="ExplainedRows">Rows that <paramref name="Columns"/> was measured on.</param>
/// <param name="Columns">The columns that move the scores most, largest first, at most <see cref="MaximumColumns"/>.</param>
/// <param name="SlicedRows">Rows that <paramref name="Slices"/> were looked for in.</param>
/// <param name="Slices">The slices on which the model does worse than elsewhere, worst first, at most <see cref="MaximumSlices"/>.</param>
public sealed record ModelExplanation(int ExplainedRows, IReadOnlyList<ColumnEffect> Columns, int SlicedRows, IReadOnlyList<Slice> Slices)
{
    /// <summary>Columns at most.</summary>
    public const int MaximumColumns = 50;

    /// <summary>Columns that are shuffled, and columns with a curve, at most.</summary>
    public const int MaximumShuffled = 20, MaximumCurves = 5;

    /// <summary>Slices at most.</summary>
    public const int MaximumSlices = 10;

    /// <summary>Characters of a slice's description at most: categories may be long texts.</summary>
    public const int MaximumDescription = 200;

    // What explaining may cost: tree nodes visited, and values kept at once.
    private const long NodeBudget = 10_000_000;
    private const long ValueBudget = 1_000_000;

    // Cells that slices are cut from.
    private const long CellBudget = 4_000_000;

    // Curves of more scores would be too long for a page.
    private const int MaximumScores = 20;
    private const int CurvePoints = 10;
    private const int CurveRows = 200;
    private const int Shuffles = 3;
    private const ulong Seed = 1;

    /// <summary>What the metric that decides loses when a column is shuffled over the explained rows (<see cref="PermutationImportance"/>), for the first of <see cref="Columns"/>; largest first. None where the metric is not defined for these rows.</summary>
    public IReadOnlyList<PermutationEffect> Shuffled { get; init; } = [];

    /// <summary>The mean prediction as a column varies (<see cref="PartialDependence"/>), for the first of <see cref="Columns"/>; none with more than 20 scores per row.</summary>
    public IReadOnlyList<ColumnCurve> Curves { get; init; } = [];

    /// <summary>Explains a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">Rows with the features and the target that the model was not trained on. Of many an evenly spaced part is taken, the smaller the larger the model.</param>
    /// <param name="metric">The metric that decides.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static ModelExplanation Of(FittedModel model, DataTable rows, string metric, int threads = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        int columns = Math.Max(1, model.Task.Features.Count);
        long nodes = Math.Max(1, model.Scorer.Trees?.Trees.Sum(tree => (long)tree.Nodes) ?? model.Scorer.Features.Count);
        DataTable explained = Spread(rows, (int)Math.Clamp(Math.Min(NodeBudget / nodes, ValueBudget / ((long)columns * model.Task.Width)), 20, 500));
        DataTable sliced = Spread(rows, (int)Math.Clamp(CellBudget / columns, 1_000, 20_000));
        IReadOnlyList<ColumnEffect> effects = Effects(model.Explain(explained, threads, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<Slice> slices = Evaluation.Slices.Find(model.Task, sliced, model.Predict(sliced));
        return new ModelExplanation(
            explained.RowCount,
            [.. effects.Take(MaximumColumns)],
            sliced.RowCount,
            [.. slices.Where(slice => slice.Loss > slice.RestLoss).Take(MaximumSlices).Select(slice => slice with { Description = Cut(slice.Description) })])
        {
            Shuffled = [.. PermutationImportance
                .Of(model.Task, model.Predict, explained, Seed, Shuffles, metric, [.. effects.Take(MaximumShuffled).Select(effect => effect.Column)], cancellationToken)
                .Where(effect => double.IsFinite(effect.Loss))],
            Curves = model.Task.Width > MaximumScores ? [] : [.. effects.Take(MaximumCurves).Select(effect => Curve(model, explained, effect.Column, cancellationToken))],
        };
    }

    private static List<ColumnEffect> Effects(IReadOnlyList<RowExplanation> explanations) =>
    [
        .. explanations
            .SelectMany(row => row.Contributions)
            .GroupBy(column => column.Key, column => column.Value.Average(Math.Abs), StringComparer.Ordinal)
            .Select(column => new ColumnEffect(column.Key, column.Average()))
            .OrderByDescending(column => column.Effect)
            .ThenBy(column => column.Column, StringComparer.Ordinal),
    ];

    private static ColumnCurve Curve(FittedModel model, DataTable rows, string column, CancellationToken cancellationToken) => new(
        column,
        [.. PartialDependence.Of(model.Predict, rows, column, CurvePoints, CurveRows, cancellationToken).Select(point => point with { Value = point.Value is null ? null : Cut(point.Value) })]);

    private static DataTable Spread(DataTable rows, int maximum) => rows.RowCount <= maximum
        ? rows
        : rows.Take([.. Enumerable.Range(0, maximum).Select(i => (int)((long)i * rows.RowCount / maximum))]);

    private static string Cut(string text) => text.Length <= MaximumDescription ? text : text[..(MaximumDescription - 1)] + "…";
}
