using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>How often each class was taken for each; rows count by their weight.</summary>
public sealed class ConfusionMatrix
{
    private readonly double[,] _cells;

    /// <summary>Takes the counts: first index the true class, second the predicted one.</summary>
    public ConfusionMatrix(double[,] cells)
    {
        ArgumentNullException.ThrowIfNull(cells);
        _cells = cells;
        Classes = cells.GetLength(0);
        for (int t = 0; t < Classes; t++)
        {
            for (int p = 0; p < Classes; p++)
            {
                Total += cells[t, p];
            }
        }
    }

    /// <summary>Counts predictions; rows whose answer is missing are left out.</summary>
    /// <param name="task">A classification task.</param>
    /// <param name="target">The answers.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="target"/>.</param>
    /// <param name="threshold">Two classes: the probability of the second from which on it counts as predicted; null for the likelier one.</param>
    /// <param name="weights">How much each row counts; null for 1 each.</param>
    /// <exception cref="ArgumentException">The task is regression, predictions do not fit the target, or the target the task.</exception>
    public static ConfusionMatrix Of(LearningTask task, Column target, Predictions predictions, double? threshold = null, Column? weights = null)
    {
        ScoredRows rows = ScoredRows.OfClasses(task, target, predictions, 0, threshold, weights);
        double[,] cells = new double[task.Classes.Count, task.Classes.Count];
        for (int i = 0; i < rows.Count; i++)
        {
            cells[rows.Classes[i], rows.Best(i)] += rows.Weights[i];
        }

        return new ConfusionMatrix(cells);
    }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Weight of the rows counted.</summary>
    public double Total { get; }

    /// <summary>Rows of class <paramref name="truth"/> that were predicted as <paramref name="predicted"/>.</summary>
    public double this[int truth, int predicted] => _cells[truth, predicted];

    /// <summary>Rows of a class.</summary>
    public double Actual(int c) => Enumerable.Range(0, Classes).Sum(p => _cells[c, p]);

    /// <summary>Rows predicted as a class.</summary>
    public double Predicted(int c) => Enumerable.Range(0, Classes).Sum(t => _cells[t, c]);

    /// <summary>Share of the rows that were predicted right; NaN without rows.</summary>
    public double Accuracy => Total == 0 ? double.NaN : Enumerable.Range(0, Classes).Sum(c => _cells[c, c]) / Total;

    /// <summary>Mean over the classes that occur of the share predicted right; NaN without rows.</summary>
    public double BalancedAccuracy
    {
        get
        {
            double[] recalls = [.. Enumerable.Range(0, Classes).Where(c => Actual(c) > 0).Select(c => _cells[c, c] / Actual(c))];
            return recalls.Length == 0 ? double.NaN : recalls.Average();
        }
    }

    /// <summary>Harmonic mean of precision and recall of a class, 0 when it is never predicted right; NaN when it neither occurs nor is predicted.</summary>
    public double F1(int c)
    {
        double either = Actual(c) + Predicted(c);
        return either == 0 ? double.NaN : 2.0 * _cells[c, c] / either;
    }

    /// <summary>Mean F1 over the classes that occur or are predicted; NaN without rows.</summary>
    public double F1Macro
    {
        get
        {
            double[] defined = [.. Enumerable.Range(0, Classes).Select(F1).Where(f => !double.IsNaN(f))];
            return defined.Length == 0 ? double.NaN : defined.Average();
        }
    }

    /// <summary>F1 averaged by the classes' rows; NaN without rows.</summary>
    public double F1Weighted => Total == 0 ? double.NaN : Enumerable.Range(0, Classes).Where(c => Actual(c) > 0).Sum(c => F1(c) * Actual(c)) / Total;

    /// <summary>Matthews correlation for any number of classes (J. Gorodkin 2004), −1 … 1; 0 when truth or prediction is constant; NaN without rows.</summary>
    public double Matthews
    {
        get
        {
            if (Total == 0)
            {
                return double.NaN;
            }

            double n = Total;
            double right = 0, product = 0, actualSquares = 0, predictedSquares = 0;
            for (int c = 0; c < Classes; c++)
            {
                double actual = Actual(c), predicted = Predicted(c);
                right += _cells[c, c];
                product += actual * predicted;
                actualSquares += actual * actual;
                predictedSquares += predicted * predicted;
            }

            double scale = Math.Sqrt(((n * n) - predictedSquares) * ((n * n) - actualSquares));
            return scale > 0 ? ((right * n) - product) / scale : 0;
        }
    }
}
