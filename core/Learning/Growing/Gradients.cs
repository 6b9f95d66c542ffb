using System.Numerics;
using System.Runtime.Intrinsics;

namespace Mlops.Core.Learning.Growing;

/// <summary>First and second derivatives of the loss per row as small integers: what histograms add up.</summary>
/// <remarks><para>Each row is one int: the gradient in the upper 16 bits (signed), the hessian in the lower 16 (unsigned), in units of
/// <see cref="GradientUnit"/> and <see cref="HessianUnit"/>. Integers add up to the same sum in any order, so neither threads nor shards
/// change a tree. Bits are chosen so that the sum over all rows fits the 32 bits each has in a histogram: 16 up to 2¹⁵ rows, 12 at 2¹⁹.</para>
/// <para>Rounding is by a hash of seed and row id, up or down with the probability that makes it unbiased (Shi et al. 2022, "Quantized
/// training of gradient boosting decision trees"): the error of a sum grows as √rows with less than
/// 2⁻ᵇⁱᵗˢ of the largest derivative per row, far below the noise of the data itself.</para></remarks>
internal sealed class Gradients
{
    /// <summary>Most rows: leaves five bits for a gradient.</summary>
    public const int MaxRows = 1 << 26;

    public Gradients(int rows)
    {
        if (rows > MaxRows)
        {
            throw new ArgumentException($"{rows} rows; expected at most {MaxRows}. Train on a sample.", nameof(rows));
        }

        Packed = new int[rows];
    }

    /// <summary>Per row gradient · 2¹⁶ + hessian.</summary>
    public int[] Packed { get; }

    /// <summary>What a gradient of 1 stands for.</summary>
    public double GradientUnit { get; set; }

    /// <summary>What a hessian of 1 stands for.</summary>
    public double HessianUnit { get; set; }

    /// <summary>Largest magnitude of a quantised gradient or hessian for a number of rows: their sums stay below 2³¹.</summary>
    public static int Limit(long rows)
    {
        int bits = 31 - BitOperations.Log2((ulong)Math.Max(1, (2 * rows) - 1));
        return (1 << Math.Clamp(bits, 1, 15)) - 1;
    }

    /// <summary>Rounds and packs a run of rows.</summary>
    /// <param name="gradients">IN. First derivatives.</param>
    /// <param name="hessians">IN. Second derivatives, ≥ 0.</param>
    /// <param name="noise">IN. Random bits per row: the upper half for the gradient, the lower for the hessian.</param>
    /// <param name="packed">OUT. The run in <see cref="Packed"/>.</param>
    public void Pack(ReadOnlySpan<float> gradients, ReadOnlySpan<float> hessians, ReadOnlySpan<uint> noise, Span<int> packed)
    {
        float gradientScale = (float)(1 / GradientUnit);
        float hessianScale = (float)(1 / HessianUnit);
        int i = 0;
        for (; i <= packed.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<uint> bits = Vector256.Create(noise.Slice(i, 8));

            // Half a step inside (0, 1), so that a whole number stays itself.
            Vector256<float> up = Unit(Vector256.ShiftRightLogical(bits, 16));
            Vector256<float> upHessian = Unit(bits & Vector256.Create(0xFFFFu));
            Vector256<int> g = Vector256.ConvertToInt32(Vector256.Floor((Vector256.Create(gradients.Slice(i, 8)) * gradientScale) + up));
            Vector256<int> h = Vector256.ConvertToInt32(Vector256.Floor((Vector256.Create(hessians.Slice(i, 8)) * hessianScale) + upHessian));
            (Vector256.ShiftLeft(g, 16) + h).CopyTo(packed[i..]);
        }

        for (; i < packed.Length; i++)
        {
            float up = ((noise[i] >> 16) + 0.5f) * (1f / 65536);
            float upHessian = ((noise[i] & 0xFFFF) + 0.5f) * (1f / 65536);
            int g = (int)MathF.Floor((gradients[i] * gradientScale) + up);
            int h = (int)MathF.Floor((hessians[i] * hessianScale) + upHessian);
            packed[i] = (g << 16) + h;
        }
    }

    private static Vector256<float> Unit(Vector256<uint> bits) =>
        (Vector256.ConvertToSingle(bits.AsInt32()) + Vector256.Create(0.5f)) * Vector256.Create(1f / 65536);
}
