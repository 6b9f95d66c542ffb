namespace Mlops.Core.Statistics.TwoSample;

/// <summary>Energy distance √(2·∫(F − G)² dx) = √(2E|X−Y| − E|X−X′| − E|Y−Y′|).</summary>
/// <remarks>Székely (2002). Zero only for equal distributions. For a p-value use <see cref="PermutationTest"/>. O(n log n).</remarks>
public static class EnergyDistance
{
    /// <summary>The distance; NaN when a sample is empty.</summary>
    public static double Of(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        double[] a = Samples.Sorted(first), b = Samples.Sorted(second);
        if (a.Length == 0 || b.Length == 0)
        {
            return double.NaN;
        }

        double sum = 0, previous = 0, i = 0, j = 0;
        foreach ((double value, int inA, int inB) in Samples.Ties(a, b))
        {
            double gap = i / a.Length - j / b.Length;
            sum += i + j == 0 ? 0 : gap * gap * (value - previous);
            previous = value;
            i += inA;
            j += inB;
        }

        return Math.Sqrt(2 * sum);
    }
}
