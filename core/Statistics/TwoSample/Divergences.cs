namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Distances between two discrete distributions given by counts or shares (scaled here to sum 1). All are NaN when one side is empty. O(k).</summary>
public static class Divergences
{
    /// <summary>Kullback–Leibler Σ p·ln(p/q) in nats; infinite when q lacks what p has. Kullback and Leibler (1951).</summary>
    public static double KullbackLeibler(IReadOnlyList<double> p, IReadOnlyList<double> q) =>
        Sum(p, q, (x, y) => x == 0 ? 0 : y == 0 ? double.PositiveInfinity : x * Math.Log(x / y));

    /// <summary>Jensen–Shannon distance: the square root of ½·KL(p‖m) + ½·KL(q‖m) with m = (p + q)/2, in nats; a metric in [0, √ln 2]. Lin (1991), Endres and Schindelin (2003).</summary>
    public static double JensenShannon(IReadOnlyList<double> p, IReadOnlyList<double> q) =>
        Math.Sqrt(Math.Max(0, Sum(p, q, (x, y) => Half(x, (x + y) / 2) + Half(y, (x + y) / 2))));

    /// <summary>Hellinger distance √(½·Σ(√p − √q)²) in [0, 1]. Hellinger (1909).</summary>
    public static double Hellinger(IReadOnlyList<double> p, IReadOnlyList<double> q) =>
        Math.Sqrt(Sum(p, q, (x, y) => 0.5 * (Math.Sqrt(x) - Math.Sqrt(y)) * (Math.Sqrt(x) - Math.Sqrt(y))));

    /// <summary>Total variation ½·Σ|p − q| in [0, 1]: the share of rows that must change category.</summary>
    public static double TotalVariation(IReadOnlyList<double> p, IReadOnlyList<double> q) => Sum(p, q, (x, y) => 0.5 * Math.Abs(x - y));

    /// <summary>L∞, the largest |p − q| in [0, 1].</summary>
    public static double LInfinity(IReadOnlyList<double> p, IReadOnlyList<double> q)
    {
        double largest = 0;
        double total = Sum(p, q, (x, y) => largest = Math.Max(largest, Math.Abs(x - y)));
        return double.IsNaN(total) ? double.NaN : largest;
    }

    private static double Half(double x, double middle) => x == 0 ? 0 : 0.5 * x * Math.Log(x / middle);

    private static double Sum(IReadOnlyList<double> p, IReadOnlyList<double> q, Func<double, double, double> term)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (p.Count != q.Count)
        {
            throw new ArgumentException($"The distributions have {p.Count} and {q.Count} categories; they must have the same ones.", nameof(q));
        }

        double totalP = p.Sum(), totalQ = q.Sum(), sum = 0;
        if (!(totalP > 0) || !(totalQ > 0))
        {
            return double.NaN;
        }

        for (int i = 0; i < p.Count; i++)
        {
            sum += term(p[i] / totalP, q[i] / totalQ);
        }

        return sum;
    }
}
