using System.Runtime.Intrinsics;

namespace Mlops.Core.Learning;

/// <summary>Elementary functions over spans in single precision: the same bits on every machine and for every length.</summary>
/// <remarks>Only additions, multiplications and conversions, never fused, unlike the platform's library. Relative error of the
/// exponential below 2·10⁻⁷ on ±87; outside it saturates at the smallest and largest normal numbers' neighbourhood.</remarks>
internal static class VectorMath
{
    private const float Log2E = 1.442695041f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>destination[i] = e^(x[i]).</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination)
    {
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            Exp(Vector256.Create(x.Slice(i, 8))).CopyTo(destination[i..]);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = Exp(Vector256.Create(x[i]))[0];
        }
    }

    /// <summary>destination[i] = 1 / (1 + e^(−x[i])).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination)
    {
        Vector256<float> one = Vector256.Create(1f);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            (one / (one + Exp(-Vector256.Create(x.Slice(i, 8))))).CopyTo(destination[i..]);
        }

        for (; i < x.Length; i++)
        {
            destination[i] = (one / (one + Exp(-Vector256.Create(x[i]))))[0];
        }
    }

    /// <summary>e^x by eˣ = 2ⁿ·eʳ, |r| ≤ ln 2 / 2, with a polynomial of degree 6 for eʳ (the coefficients of Cephes expf).</summary>
    public static Vector256<float> Exp(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(-87f)), Vector256.Create(88f));
        Vector256<float> n = Vector256.Floor((x * Log2E) + Vector256.Create(0.5f));
        Vector256<float> r = x - (n * Ln2High) - (n * Ln2Low);
        Vector256<float> p = Vector256.Create(1.9875691500e-4f);
        p = (p * r) + Vector256.Create(1.3981999507e-3f);
        p = (p * r) + Vector256.Create(8.3334519073e-3f);
        p = (p * r) + Vector256.Create(4.1665795894e-2f);
        p = (p * r) + Vector256.Create(1.6666665459e-1f);
        p = (p * r) + Vector256.Create(5.0000001201e-1f);
        p = (p * r * r) + r + Vector256.Create(1f);
        Vector256<int> exponent = Vector256.ShiftLeft(Vector256.ConvertToInt32(n) + Vector256.Create(127), 23);
        return p * exponent.AsSingle();
    }
}
