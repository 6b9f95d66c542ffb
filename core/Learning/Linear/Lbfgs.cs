namespace Mlops.Core.Learning.Linear;

/// <summary>Limited-memory BFGS with a backtracking line search, for the smooth objectives.</summary>
/// <remarks>Nocedal and Wright, Numerical Optimization, algorithm 7.4, with a memory of ten pairs. A pair whose curvature sᵀy is not
/// clearly positive is left out, which keeps every direction one of descent.</remarks>
internal static class Lbfgs
{
    private const int Memory = 10;

    public static void Minimise(LinearObjective objective, double[] theta, int maxIterations, double tolerance, CancellationToken cancellationToken)
    {
        int n = theta.Length;
        double[] gradient = new double[n];
        double value = objective.Evaluate(theta, gradient);
        List<(double[] S, double[] Y, double Rho)> pairs = [];
        double[] candidate = new double[n];
        for (int iteration = 0; iteration < maxIterations && gradient.Max(Math.Abs) > tolerance; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double[] direction = Direction(gradient, pairs);
            double slope = Dot(direction, gradient);
            double step = pairs.Count == 0 ? Math.Min(1, 1 / Math.Sqrt(Dot(gradient, gradient))) : 1;
            double[] nextGradient = new double[n];
            double next = Try(step);
            while (!(next <= value + (1e-4 * step * slope)) && step > 1e-12)
            {
                step *= 0.5;
                next = Try(step);
            }

            if (!(next < value))
            {
                // No smaller value is representable: the minimum within the precision of the sums.
                break;
            }

            double[] s = new double[n];
            double[] y = new double[n];
            for (int i = 0; i < n; i++)
            {
                s[i] = candidate[i] - theta[i];
                y[i] = nextGradient[i] - gradient[i];
            }

            double curvature = Dot(s, y);
            if (curvature > 1e-14 * Dot(y, y))
            {
                if (pairs.Count == Memory)
                {
                    pairs.RemoveAt(0);
                }

                pairs.Add((s, y, 1 / curvature));
            }

            candidate.CopyTo(theta, 0);
            gradient = nextGradient;
            value = next;

            double Try(double length)
            {
                for (int i = 0; i < n; i++)
                {
                    candidate[i] = theta[i] + (length * direction[i]);
                }

                return objective.Evaluate(candidate, nextGradient);
            }
        }
    }

    private static double[] Direction(double[] gradient, List<(double[] S, double[] Y, double Rho)> pairs)
    {
        double[] q = [.. gradient];
        double[] alpha = new double[pairs.Count];
        for (int m = pairs.Count - 1; m >= 0; m--)
        {
            alpha[m] = pairs[m].Rho * Dot(pairs[m].S, q);
            Add(q, pairs[m].Y, -alpha[m]);
        }

        if (pairs.Count > 0)
        {
            (double[] _, double[] y, double rho) = pairs[^1];
            double scale = 1 / (rho * Dot(y, y));
            for (int i = 0; i < q.Length; i++)
            {
                q[i] *= scale;
            }
        }

        for (int m = 0; m < pairs.Count; m++)
        {
            double beta = pairs[m].Rho * Dot(pairs[m].Y, q);
            Add(q, pairs[m].S, alpha[m] - beta);
        }

        for (int i = 0; i < q.Length; i++)
        {
            q[i] = -q[i];
        }

        return q;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void Add(double[] to, double[] from, double factor)
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] += factor * from[i];
        }
    }
}
