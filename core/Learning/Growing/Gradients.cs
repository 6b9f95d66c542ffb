using System.Numerics;

namespace Mlops.Core.Learning.Growing;

/// <summary>First and second derivatives of the loss per row as small integers: what histograms add up.</summary>
/// <remarks><para>Each row is one int: the gradient in the upper 16 bits (signed), the hessian in the lower 16 (unsigned), in units of
/// <see cref="GradientUnit"/> and <see cref="HessianUnit"/>. Integers add up to the same sum in any order, so neither threads nor shards
/// change a tree. Bits are chosen so that the sum over all rows fits the 32 bits each has in a histogram: 16 up to 2¹⁵ rows, 12 at 2¹⁹.</para>
/// <para>Rounding is by a hash of seed and row id, up or down with the probability that makes it unbiased (Shi et al. 2022, "Quantized
/// training of gradient boosting decision trees"): the error of a sum grows as √rows, below the noise of the data itself. Leaf values do not carry
/// it: they are computed again from exact derivatives.</para></remarks>
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

    /// <summary>Largest magnitude of a quantised gradient for a number of rows; a hessian may be twice as large and one more.</summary>
    public static int Limit(long rows)
    {
        int bits = 31 - BitOperations.Log2((ulong)Math.Max(1, (2 * rows) - 1));
        return (1 << Math.Clamp(bits, 1, 15)) - 1;
    }

    /// <summary>Packs one row.</summary>
    public static int Pack(double gradient, double hessian, uint noise)
    {
        // Half a step inside (0, 1), so that a whole number stays itself.
        double up = ((noise >> 16) + 0.5) * (1.0 / 65536);
        double upHessian = ((noise & 0xFFFF) + 0.5) * (1.0 / 65536);
        int g = (int)Math.Floor(gradient + up);
        int h = (int)(hessian + upHessian);
        return (g << 16) + h;
    }
}
