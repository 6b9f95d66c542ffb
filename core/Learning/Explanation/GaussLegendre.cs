namespace Mlops.Core.Learning.Explanation;

/// <summary>Quadrature on [0, 1] that is exact for polynomials of degree 2n − 1.</summary>
internal static class GaussLegendre
{
    /// <summary>The n nodes and weights: roots of the Legendre polynomial by Newton's method, to the last bits.</summary>
    public static (double[] Nodes, double[] Weights) Rule(int n)
    {
        double[] nodes = new double[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++)
        {
            double x = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 0;
            for (int step = 0; step < 100; step++)
            {
                double before = 1;
                double value = x;
                for (int k = 2; k <= n; k++)
                {
                    (before, value) = (value, ((((2 * k) - 1) * x * value) - ((k - 1) * before)) / k);
                }

                slope = n * ((x * value) - before) / ((x * x) - 1);
                double move = value / slope;
                x -= move;
                if (Math.Abs(move) < 1e-15)
                {
                    break;
                }
            }

            nodes[i] = (1 - x) / 2;
            weights[i] = 1 / ((1 - (x * x)) * slope * slope);
        }

        return (nodes, weights);
    }
}
