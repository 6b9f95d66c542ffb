namespace Mlops.Core.Learning.Linear;

/// <summary>Accelerated proximal gradient (FISTA) with backtracking and adaptive restart, for objectives with an L1 part.</summary>
/// <remarks>Beck and Teboulle 2009; restart when the momentum points uphill, O'Donoghue and Candès 2015. The L1 part does not touch intercepts.</remarks>
internal static class ProximalGradient
{
    public static void Minimise(LinearObjective objective, double[] theta, double l1, int maxIterations, double tolerance, CancellationToken cancellationToken)
    {
        int n = theta.Length;
        double[] point = [.. theta];
        double[] gradient = new double[n];
        double[] next = new double[n];
        double[] unused = new double[n];
        double curvature = 1;
        double momentum = 1;
        for (int iteration = 0; iteration < maxIterations; iteration++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            double value = objective.Evaluate(point, gradient);
            while (true)
            {
                double bound = value;
                for (int i = 0; i < n; i++)
                {
                    double moved = point[i] - (gradient[i] / curvature);
                    next[i] = IsIntercept(i, objective) ? moved : Shrink(moved, l1 / curvature);
                    double d = next[i] - point[i];
                    bound += (gradient[i] * d) + (0.5 * curvature * d * d);
                }

                if (objective.Evaluate(next, unused) <= bound + (1e-12 * Math.Abs(bound)) || curvature > 1e12)
                {
                    break;
                }

                curvature *= 2;
            }

            double worst = 0;
            double uphill = 0;
            for (int i = 0; i < n; i++)
            {
                worst = Math.Max(worst, curvature * Math.Abs(next[i] - point[i]));
                uphill += (point[i] - next[i]) * (next[i] - theta[i]);
            }

            double nextMomentum = uphill > 0 ? 1 : (1 + Math.Sqrt(1 + (4 * momentum * momentum))) / 2;
            double carry = uphill > 0 ? 0 : (momentum - 1) / nextMomentum;
            for (int i = 0; i < n; i++)
            {
                point[i] = next[i] + (carry * (next[i] - theta[i]));
                theta[i] = next[i];
            }

            momentum = nextMomentum;
            if (worst <= tolerance)
            {
                break;
            }
        }
    }

    private static bool IsIntercept(int i, LinearObjective objective) => i % (objective.Features + 1) == objective.Features;

    private static double Shrink(double value, double by) => Math.Sign(value) * Math.Max(0, Math.Abs(value) - by);
}
