using MathNet.Numerics.LinearAlgebra;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Learning.Calibration;

/// <summary>softmax(slope · ln p + intercepts): for two classes J. Platt's sigmoid of the log odds (1999), for more its vector form (C. Guo et al. 2017).</summary>
/// <param name="Slope">Below 1 the model was too sure of itself, above 1 too timid.</param>
/// <param name="Intercepts">One per class, the first 0.</param>
public sealed record PlattCalibrator(double Slope, double[] Intercepts) : ProbabilityCalibrator
{
    /// <summary>Probabilities below this count as this, so that the logarithm is finite.</summary>
    private const double Least = 1e-12;

    /// <summary>More classes than this share intercepts of 0: there are too few rows per class to learn them.</summary>
    private const int MaxIntercepts = 50;

    private const int MaxSteps = 100;
    private const double Tolerance = 1e-10;

    /// <summary>Keeps separable data from pushing the parameters to infinity; too weak to show elsewhere.</summary>
    private const double Ridge = 1e-9;

    /// <summary>Maximum likelihood by Newton's method with step halving. O(steps · (rows · C² + C³)).</summary>
    /// <param name="predictions">Predictions of rows that the model was not trained on.</param>
    /// <param name="classes">Per row the index of its class.</param>
    /// <param name="weights">Per row how much it counts, at least one more than 0; empty for 1 each.</param>
    public static PlattCalibrator Fit(Predictions predictions, ReadOnlySpan<int> classes, ReadOnlySpan<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int c = predictions.Width;
        int free = c > MaxIntercepts ? 1 : c;
        double[] logs = [.. predictions.Scores.ToArray().Select(p => Math.Log(Math.Max(p, Least)))];
        Rows rows = new(logs, classes.ToArray(), weights.IsEmpty ? [.. Enumerable.Repeat(1.0, classes.Length)] : weights.ToArray(), c);
        Vector<double> theta = Vector<double>.Build.Dense(free);
        theta[0] = 1;
        double loss = rows.Loss(theta);
        for (int step = 0; step < MaxSteps; step++)
        {
            (Vector<double> gradient, Matrix<double> hessian) = rows.Derivatives(theta);
            Vector<double> direction = hessian.Solve(gradient);
            double size = 1;
            Vector<double> next = theta - direction;
            double nextLoss = rows.Loss(next);
            while (!(nextLoss <= loss) && size > 1e-6)
            {
                size /= 2;
                next = theta - (direction * size);
                nextLoss = rows.Loss(next);
            }

            if (!(nextLoss <= loss))
            {
                break;
            }

            double moved = (next - theta).InfinityNorm();
            (theta, loss) = (next, nextLoss);
            if (moved < Tolerance)
            {
                break;
            }
        }

        return new PlattCalibrator(theta[0], [.. Enumerable.Range(0, c).Select(k => Intercept(theta, k))]);
    }

    /// <inheritdoc/>
    public override void Apply(Span<float> probabilities)
    {
        Span<double> scores = probabilities.Length <= 256 ? stackalloc double[probabilities.Length] : new double[probabilities.Length];
        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] = (Slope * Math.Log(Math.Max(probabilities[k], Least))) + Intercepts[k];
        }

        Softmax(scores);
        for (int k = 0; k < scores.Length; k++)
        {
            probabilities[k] = (float)scores[k];
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph, string probabilities)
    {
        string logs = graph.Node("Log", [graph.Node("Max", [probabilities, graph.Scalar(Least)])]);
        string scores = graph.Node("Add", [graph.Node("Mul", [logs, graph.Scalar(Slope)]), graph.Constant(Intercepts, 1, Intercepts.Length)]);
        return graph.Node("Softmax", [scores], OnnxGraph.Attribute("axis", 1));
    }

    private static double Intercept(Vector<double> theta, int k) => k == 0 || k >= theta.Count ? 0 : theta[k];

    private static void Softmax(Span<double> scores)
    {
        double max = double.NegativeInfinity;
        foreach (double s in scores)
        {
            max = Math.Max(max, s);
        }

        double sum = 0;
        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] = Math.Exp(scores[k] - max);
            sum += scores[k];
        }

        for (int k = 0; k < scores.Length; k++)
        {
            scores[k] /= sum;
        }
    }

    /// <summary>The negative log likelihood of some rows.</summary>
    private sealed class Rows(double[] logs, int[] truth, double[] weights, int classes)
    {
        private readonly double _ridge = Ridge * weights.Sum();

        public double Loss(Vector<double> theta)
        {
            double loss = _ridge * theta.DotProduct(theta) / 2;
            double[] p = new double[classes];
            for (int i = 0; i < truth.Length; i++)
            {
                Probabilities(theta, i, p);
                loss -= weights[i] * Math.Log(Math.Max(p[truth[i]], double.Epsilon));
            }

            return loss;
        }

        public (Vector<double> Gradient, Matrix<double> Hessian) Derivatives(Vector<double> theta)
        {
            int free = theta.Count;
            Vector<double> gradient = theta * _ridge;
            Matrix<double> hessian = Matrix<double>.Build.DenseIdentity(free) * _ridge;
            double[] p = new double[classes];
            for (int i = 0; i < truth.Length; i++)
            {
                Span<double> z = logs.AsSpan(i * classes, classes);
                double weight = weights[i];
                Probabilities(theta, i, p);
                double mean = 0, square = 0;
                for (int k = 0; k < classes; k++)
                {
                    mean += p[k] * z[k];
                    square += p[k] * z[k] * z[k];
                }

                gradient[0] += weight * (mean - z[truth[i]]);
                hessian[0, 0] += weight * (square - (mean * mean));
                for (int k = 1; k < free; k++)
                {
                    gradient[k] += weight * (p[k] - (truth[i] == k ? 1 : 0));
                    double cross = weight * p[k] * (z[k] - mean);
                    hessian[0, k] += cross;
                    hessian[k, 0] += cross;
                    for (int l = 1; l < free; l++)
                    {
                        hessian[k, l] += weight * ((k == l ? p[k] : 0) - (p[k] * p[l]));
                    }
                }
            }

            return (gradient, hessian);
        }

        private void Probabilities(Vector<double> theta, int row, Span<double> p)
        {
            for (int k = 0; k < p.Length; k++)
            {
                p[k] = (theta[0] * logs[(row * classes) + k]) + Intercept(theta, k);
            }

            Softmax(p);
        }
    }
}
