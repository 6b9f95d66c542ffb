using System.Runtime.Intrinsics;

namespace Mlops.Core.Learning.Growing;

/// <summary>Gains of all cuts of a numeric feature, four at a time: the fast path of <see cref="SplitFinder"/> without L1 and monotone constraints.</summary>
/// <remarks>The same operations in the same order as the plain path, hence the same bits; the tests compare both.</remarks>
internal static class NumericScan
{
    private const long TwoTo52 = 0x4330_0000_0000_0000;

    /// <summary>The first cut of largest gain above <paramref name="bestGain"/>, or −1.</summary>
    /// <param name="lefts">IN. Packed sums of the left side per cut; padded to a multiple of four by entries whose hessian is 0.</param>
    /// <param name="total">Packed sum of the leaf.</param>
    /// <param name="leaf">Constants of the leaf.</param>
    /// <param name="bestGain">IN and OUT. The gain to beat.</param>
    public static int Best(ReadOnlySpan<long> lefts, long total, in ScanConstants leaf, ref double bestGain)
    {
        Vector256<double> best = Vector256.Create(bestGain);
        Vector256<double> bestIndex = Vector256.Create(-1.0);
        Vector256<double> index = Vector256.Create(0.0, 1, 2, 3);
        Vector256<double> gradientUnit = Vector256.Create(leaf.GradientUnit);
        Vector256<double> hessianUnit = Vector256.Create(leaf.HessianUnit);
        Vector256<double> l2 = Vector256.Create(leaf.L2);
        Vector256<double> low = Vector256.Create(leaf.Low);
        Vector256<double> high = Vector256.Create(leaf.High);
        Vector256<double> least = Vector256.Create(leaf.MinHessian);
        Vector256<double> parent = Vector256.Create(leaf.ParentGain);
        Vector256<long> all = Vector256.Create(total);
        for (int i = 0; i < lefts.Length; i += 4)
        {
            Vector256<long> left = Vector256.Create(lefts.Slice(i, 4));
            Vector256<long> right = all - left;
            Vector256<double> leftHessian = Hessian(left);
            Vector256<double> rightHessian = Hessian(right);
            Vector256<double> gain = Gain(Gradient(left) * gradientUnit, leftHessian * hessianUnit, l2, low, high)
                + Gain(Gradient(right) * gradientUnit, rightHessian * hessianUnit, l2, low, high) - parent;
            Vector256<double> better = Vector256.GreaterThanOrEqual(leftHessian, least)
                & Vector256.GreaterThanOrEqual(rightHessian, least)
                & Vector256.GreaterThan(gain, best);
            best = Vector256.ConditionalSelect(better, gain, best);
            bestIndex = Vector256.ConditionalSelect(better, index, bestIndex);
            index += Vector256.Create(4.0);
        }

        int found = -1;
        for (int lane = 0; lane < 4; lane++)
        {
            int at = (int)bestIndex[lane];
            if (at >= 0 && (best[lane] > bestGain || (best[lane] == bestGain && found >= 0 && at < found)))
            {
                bestGain = best[lane];
                found = at;
            }
        }

        return found;
    }

    // Integers below 2³² become doubles by writing them into the mantissa of 2⁵².
    private static Vector256<double> Hessian(Vector256<long> sums) =>
        ((sums & Vector256.Create(0xFFFF_FFFFL)) | Vector256.Create(TwoTo52)).AsDouble() - Vector256.Create(4503599627370496.0);

    private static Vector256<double> Gradient(Vector256<long> sums) =>
        ((Vector256.ShiftRightLogical(sums, 32) ^ Vector256.Create(0x8000_0000L)) | Vector256.Create(TwoTo52)).AsDouble()
        - Vector256.Create(4503599627370496.0 + 2147483648.0);

    private static Vector256<double> Gain(Vector256<double> gradient, Vector256<double> hessian, Vector256<double> l2, Vector256<double> low, Vector256<double> high)
    {
        Vector256<double> curvature = hessian + l2;
        Vector256<double> value = Vector256.Min(Vector256.Max(-gradient / curvature, low), high);
        return -((Vector256.Create(2.0) * gradient * value) + (curvature * value * value));
    }
}
