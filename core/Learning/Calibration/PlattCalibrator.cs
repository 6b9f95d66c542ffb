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
    public static PlattCalibrator Fit(Predictions predictions, ReadOnlySpan<int> classes)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int c = predictions.Width;
        int free = c > MaxIntercepts ? 1 : c;
        double[] logs = [.. predictions.Scores.ToArray().Select(p => Math.Log(Math.Max(p, Least)))];
        int[] truth = classes.ToArray();
        Vector<double> theta = Vector<double>.Build.Dense(free);
        theta[0] = 1;
        double loss = Loss(theta, logs, truth, c);
        for (int step = 0; step < MaxSteps; step++)
        {
            (Vector<double> gradient, Matrix<double> hessian) = Derivatives(theta, logs, truth, c);
            Vector<double> direction = hessian.Solve(gradient);
            double size = 1;
            Vector<double> next = theta - direction;
            double nextLoss = Loss(next, logs, truth, c);
            while (!(nextLoss <= loss) && size > 1e-6)
            {
                size /= 2;
                next = theta - (direction * size);
                nextLoss = Loss(next, logs, truth, c);
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

    private static double Loss(Vector<double> theta, double[] logs, int[] truth, int c)
    {
        double loss = Ridge * theta.DotProduct(theta) / 2 * truth.Length;
        double[] p = new double[c];
        for (int i = 0; i < truth.Length; i++)
        {
            Row(theta, logs.AsSpan(i * c, c), p);
            loss -= Math.Log(Math.Max(p[truth[i]], double.Epsilon));
        }

        return loss;
    }

    private static (Vector<double> Gradient, Matrix<double> Hessian) Derivatives(Vector<double> theta, double[] logs, int[] truth, int c)
    {
        int free = theta.Count;
        Vector<double> gradient = theta * Ridge * truth.Length;
        Matrix<double> hessian = Matrix<double>.Build.DenseIdentity(free) * Ridge * truth.Length;
        double[] p = new double[c];
        for (int i = 0; i < truth.Length; i++)
        {
            Span<double> z = logs.AsSpan(i * c, c);
            Row(theta, z, p);
            double mean = 0, square = 0;
            for (int k = 0; k < c; k++)
            {
                mean += p[k] * z[k];
                square += p[k] * z[k] * z[k];
            }

            gradient[0] += mean - z[truth[i]];
            hessian[0, 0] += square - (mean * mean);
            for (int k = 1; k < free; k++)
            {
                gradient[k] += p[k] - (truth[i] == k ? 1 : 0);
                double cross = p[k] * (z[k] - mean);
                hessian[0, k] += cross;
                hessian[k, 0] += cross;
                for (int l = 1; l < free; l++)
                {
                    hessian[k, l] += (k == l ? p[k] : 0) - (p[k] * p[l]);
                }
            }
        }

        return (gradient, hessian);
    }

    private static void Row(Vector<double> theta, ReadOnlySpan<double> logs, Span<double> p)
    {
        for (int k = 0; k < p.Length; k++)
        {
            p[k] = (theta[0] * logs[k]) + Intercept(theta, k);
        }

        Softmax(p);
    }

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
}
