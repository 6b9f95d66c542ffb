using System.Buffers;

namespace Mlops.Core.Statistics.Sketches;

/// <summary>Sorts numbers by their bits: several times faster than comparing for the million values of a reference column.</summary>
/// <remarks>Least significant digit first, 11 bits at a time; the bits of a double order as its value once the sign is flipped for positive and all bits for negative numbers.
/// Digits that are equal in all values are skipped. O(n), with as much memory again. −0 sorts before 0.</remarks>
internal static class RadixSort
{
    private const int Bits = 11;
    private const int Passes = 6;
    private const int Smallest = 4096;

    /// <summary>Sorts ascending; NaN is not allowed.</summary>
    public static void Sort(Span<double> values)
    {
        if (values.Length < Smallest)
        {
            values.Sort();
            return;
        }

        int n = values.Length;
        ulong[] keys = ArrayPool<ulong>.Shared.Rent(n), other = ArrayPool<ulong>.Shared.Rent(n);
        int[] counts = new int[Passes << Bits];
        for (int i = 0; i < n; i++)
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(values[i]);
            ulong key = (bits >> 63) != 0 ? ~bits : bits | (1UL << 63);
            keys[i] = key;
            for (int pass = 0; pass < Passes; pass++)
            {
                counts[(pass << Bits) + (int)((key >> (pass * Bits)) & ((1 << Bits) - 1))]++;
            }
        }

        for (int pass = 0; pass < Passes; pass++)
        {
            Span<int> digits = counts.AsSpan(pass << Bits, 1 << Bits);
            if (digits.Contains(n))
            {
                continue;
            }

            int position = 0;
            for (int digit = 0; digit < digits.Length; digit++)
            {
                (digits[digit], position) = (position, position + digits[digit]);
            }

            for (int i = 0; i < n; i++)
            {
                ulong key = keys[i];
                other[digits[(int)((key >> (pass * Bits)) & ((1 << Bits) - 1))]++] = key;
            }

            (keys, other) = (other, keys);
        }

        for (int i = 0; i < n; i++)
        {
            ulong key = keys[i];
            values[i] = BitConverter.UInt64BitsToDouble((key >> 63) != 0 ? key & ~(1UL << 63) : ~key);
        }

        ArrayPool<ulong>.Shared.Return(keys);
        ArrayPool<ulong>.Shared.Return(other);
    }
}
