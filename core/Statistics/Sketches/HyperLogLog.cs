using System.Numerics;

namespace Mlops.Core.Statistics.Sketches;

/// <summary>How many distinct values a column has, from 2¹⁴ small registers.</summary>
/// <remarks>Flajolet, Fusy, Gandouet, Meunier, "HyperLogLog" (2007), with the estimator of Ertl, "New cardinality estimation algorithms for
/// HyperLogLog sketches" (2017, algorithm 6), which needs no bias tables. Relative standard error 1.04/√2¹⁴ = 0.81 %. Merging takes the
/// larger of each pair of registers, so it is exact, commutative, associative and idempotent.</remarks>
public sealed class HyperLogLog
{
    /// <summary>Bits of the hash that choose the register.</summary>
    public const int Precision = 14;

    internal const int Size = 1 << Precision;
    internal const int MaximumRegister = 64 - Precision + 1;
    private readonly byte[] _registers;

    /// <summary>An empty sketch.</summary>
    public HyperLogLog() => _registers = new byte[Size];

    internal HyperLogLog(byte[] registers) => _registers = registers;

    internal ReadOnlySpan<byte> Registers => _registers;

    /// <summary>Adds a value by its 64-bit hash. O(1).</summary>
    public void Add(ulong hash)
    {
        int register = (int)(hash >> (64 - Precision));
        int rank = Math.Min(BitOperations.LeadingZeroCount(hash << Precision) + 1, MaximumRegister);
        if (rank > _registers[register])
        {
            _registers[register] = (byte)rank;
        }
    }

    /// <summary>The sketch of the union of both inputs; neither is changed.</summary>
    public HyperLogLog Union(HyperLogLog other)
    {
        ArgumentNullException.ThrowIfNull(other);
        byte[] merged = (byte[])_registers.Clone();
        for (int i = 0; i < merged.Length; i++)
        {
            merged[i] = Math.Max(merged[i], other._registers[i]);
        }

        return new HyperLogLog(merged);
    }

    /// <summary>The estimated number of distinct values; 0 when nothing was added.</summary>
    public double Estimate()
    {
        const int q = 64 - Precision;
        Span<int> counts = stackalloc int[q + 2];
        counts.Clear();
        foreach (byte register in _registers)
        {
            counts[register]++;
        }

        double z = Size * Tau((Size - counts[q + 1]) / (double)Size);
        for (int k = q; k >= 1; k--)
        {
            z = 0.5 * (z + counts[k]);
        }

        z += Size * Sigma(counts[0] / (double)Size);
        return double.IsPositiveInfinity(z) ? 0 : Size / (2 * Math.Log(2)) * Size / z;
    }

    private static double Sigma(double x)
    {
        if (x == 1)
        {
            return double.PositiveInfinity;
        }

        double y = 1, z = x, previous;
        do
        {
            x *= x;
            previous = z;
            z += x * y;
            y += y;
        }
        while (z != previous);
        return z;
    }

    private static double Tau(double x)
    {
        if (x is 0 or 1)
        {
            return 0;
        }

        double y = 1, z = 1 - x, previous;
        do
        {
            x = Math.Sqrt(x);
            previous = z;
            y *= 0.5;
            z -= (1 - x) * (1 - x) * y;
        }
        while (z != previous);
        return z / 3;
    }
}
