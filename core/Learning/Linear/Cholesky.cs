namespace Mlops.Core.Learning.Linear;

/// <summary>Solves a symmetric positive definite system. O(n³/3).</summary>
internal static class Cholesky
{
    /// <summary>Writes the solution of a·x = b and returns true, or returns false when <paramref name="a"/> is not clearly positive definite. Overwrites <paramref name="a"/>.</summary>
    public static bool TrySolve(double[,] a, double[] b, double[] x)
    {
        int n = b.Length;
        for (int j = 0; j < n; j++)
        {
            double diagonal = a[j, j];
            double pivot = diagonal;
            for (int k = 0; k < j; k++)
            {
                pivot -= a[j, k] * a[j, k];
            }

            if (!(pivot > 1e-13 * diagonal))
            {
                return false;
            }

            double root = Math.Sqrt(pivot);
            a[j, j] = root;
            for (int i = j + 1; i < n; i++)
            {
                double sum = a[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= a[i, k] * a[j, k];
                }

                a[i, j] = sum / root;
            }
        }

        for (int i = 0; i < n; i++)
        {
            double sum = b[i];
            for (int k = 0; k < i; k++)
            {
                sum -= a[i, k] * x[k];
            }

            x[i] = sum / a[i, i];
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double sum = x[i];
            for (int k = i + 1; k < n; k++)
            {
                sum -= a[k, i] * x[k];
            }

            x[i] = sum / a[i, i];
        }

        return true;
    }
}
