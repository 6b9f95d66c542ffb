using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;

namespace Mlops.Core.Learning.Compression;

/// <summary>Makes the model of a training smaller within a tolerance.</summary>
/// <remarks>How small is decided on training rows: a model of the other folds is compressed and measured on the first fold. The hold-out rows only measure
/// what it cost, so that the comparison with a champion on them stays fair.</remarks>
public static class Compressor
{
    /// <summary>Sizes of students that are tried, smallest first.</summary>
    private static readonly (int Trees, int Leaves)[] s_students = [(10, 8), (20, 16), (40, 31), (80, 31)];

    /// <summary>Compresses, or says why not.</summary>
    /// <param name="model">The model, trained on all of <paramref name="train"/>.</param>
    /// <param name="train">The rows it was trained on.</param>
    /// <param name="foldOfRow">The fold of each training row, 0, 1, …</param>
    /// <param name="holdOut">Rows to measure on.</param>
    /// <param name="method">How.</param>
    /// <param name="metric">The metric that decides.</param>
    /// <param name="tolerance">How much worse the metric may get, as a fraction of its value, ≥ 0.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <param name="threads">Threads at most, ≥ 1; the result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between steps of training.</param>
    public static (FittedModel Model, CompressionReport Report) Compress(
        FittedModel model,
        DataTable train,
        IReadOnlyList<int> foldOfRow,
        DataTable holdOut,
        CompressionMethod method,
        string metric,
        double tolerance,
        ulong seed,
        int threads = 1,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(foldOfRow);
        ArgumentNullException.ThrowIfNull(holdOut);
        ArgumentOutOfRangeException.ThrowIfNegative(tolerance);
        if (foldOfRow.Count != train.RowCount)
        {
            throw new ArgumentException($"{foldOfRow.Count} folds are given for {train.RowCount} rows; expected one per row.", nameof(foldOfRow));
        }

        Trial trial = new(model, train, foldOfRow, metric, tolerance, seed, threads, cancellationToken);
        (FittedModel? smaller, string reason) = method switch
        {
            _ when model.Task is { Kind: TaskKind.Anomaly } or { Forecast: not null } => (null, "Models of anomalies and forecasts are not compressed."),
            CompressionMethod.Float16 => trial.Halve(),
            CompressionMethod.Pruned => trial.Prune(),
            CompressionMethod.Distilled => trial.Distil(),
            _ => (null, "No compression is asked for."),
        };
        FittedModel used = smaller ?? model;
        Dictionary<string, string> nothing = [];
        return (used, new CompressionReport(
            method,
            smaller is not null,
            reason,
            metric,
            Value(model, holdOut, metric),
            Value(used, holdOut, metric),
            ModelCompression.Leaves(model),
            ModelCompression.Leaves(used),
            model.ToOnnx(nothing).Length,
            used.ToOnnx(nothing).Length));
    }

    private static double Value(FittedModel model, DataTable rows, string metric) =>
        rows.RowCount == 0 ? double.NaN : Metrics.Of(model.Task, rows[model.Task.Target], model.Predict(rows), null, model.Task.WeightsOf(rows))[metric];

    /// <summary>One search for a smaller model.</summary>
    private sealed class Trial(
        FittedModel model, DataTable train, IReadOnlyList<int> folds, string metric, double tolerance, ulong seed, int threads, CancellationToken cancellationToken)
    {
        public (FittedModel? Smaller, string Reason) Halve()
        {
            if (model.Scorer.Linear is null)
            {
                return (null, "ONNX stores the numbers of trees in single precision: half precision would not make the file smaller.");
            }

            // Rounding chooses nothing, so the rows that the model was trained on can judge it.
            FittedModel halved = ModelCompression.Halve(model);
            double before = Value(model, train, metric);
            double after = Value(halved, train, metric);
            return IsGood(before, after) ? (halved, "The coefficients are stored in half precision.") : (null, TooMuch("Half precision", before, after));
        }

        public (FittedModel? Smaller, string Reason) Prune()
        {
            if (TryTeacher(out FittedModel? teacher, out _, out DataTable? check) is { } no)
            {
                return (null, no);
            }

            double before = Value(teacher!, check!, metric);
            FittedModel pruned = ModelCompression.Prune(teacher!, check!, metric, tolerance * Math.Abs(before));
            double kept = (double)ModelCompression.Leaves(pruned) / Math.Max(1, ModelCompression.Leaves(teacher!));
            return pruned == teacher
                ? (null, string.Create(CultureInfo.InvariantCulture, $"Every tree is needed to keep {metric} within {tolerance:P0}."))
                : (ModelCompression.Keep(model, (double)pruned.Scorer.Trees!.Trees.Count / teacher!.Scorer.Trees!.Trees.Count),
                    string.Create(CultureInfo.InvariantCulture, $"The first trees, with {kept:P0} of the leaves, keep {metric} at {Value(pruned, check!, metric):G4} against {before:G4} on the first fold."));
        }

        public (FittedModel? Smaller, string Reason) Distil()
        {
            if (TryTeacher(out FittedModel? teacher, out DataTable? learn, out DataTable? check) is { } no)
            {
                return (null, no);
            }

            double before = Value(teacher!, check!, metric);
            double best = double.NaN;
            foreach ((int trees, int leaves) in s_students)
            {
                if (2L * trees * leaves * model.Task.Width > ModelCompression.Leaves(model))
                {
                    break;
                }

                best = Value(ModelCompression.Distil(teacher!, learn!, trees, leaves, seed, cancellationToken), check!, metric);
                if (IsGood(before, best))
                {
                    return (ModelCompression.Distil(model, train, trees, leaves, seed, cancellationToken), string.Create(CultureInfo.InvariantCulture, $"{trees} trees of {leaves} leaves keep {metric} at {best:G4} against {before:G4} on the first fold."));
                }
            }

            return (null, double.IsNaN(best) ? "The model is small: no student would have half its leaves or fewer." : TooMuch("The largest student", before, best));
        }

        private bool IsGood(double before, double after) => (Metrics.HigherIsBetter(metric) ? before - after : after - before) <= tolerance * Math.Abs(before);

        private string TooMuch(string what, double before, double after) =>
            string.Create(CultureInfo.InvariantCulture, $"{what} would take {metric} from {before:G4} to {after:G4}, more than the tolerance of {tolerance:P1}.");

        /// <summary>The same training without the first fold; or why there is none.</summary>
        private string? TryTeacher(out FittedModel? teacher, out DataTable? learn, out DataTable? check)
        {
            (teacher, learn, check) = (null, null, null);
            if (model.Scorer.Trees is null)
            {
                return $"A {model.Spec.Trainer} model has no trees to leave out or to learn from.";
            }

            int[] own = [.. Enumerable.Range(0, folds.Count).Where(i => folds[i] == 0)];
            int[] others = [.. Enumerable.Range(0, folds.Count).Where(i => folds[i] > 0)];
            if (own.Length == 0 || others.Length == 0)
            {
                return "There are too few rows to decide how small the model may be.";
            }

            learn = train.Take(others);
            check = train.Take(own);
            teacher = Trainer.Fit(learn, model.Task, model.Spec, seed, null, cancellationToken, threads);
            return teacher.Scorer.Trees is null ? "There are too few rows to decide how small the model may be." : null;
        }
    }
}
