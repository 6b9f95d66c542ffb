using System.Numerics;

namespace Mlops.Core.Data;

/// <summary>The double nearest to a decimal of up to 19 digits, ties to even, without big numbers.</summary>
/// <remarks>
/// Small digits and powers are exact in one operation (Clinger 1990). Others are multiplied by the power of five in 128 bits, truncated, of which the upper
/// 55 decide (Lemire 2021, "Number parsing at a gigabyte per second"; the names follow its algorithm 1). Powers are limited to where no result is subnormal or infinite.
/// </remarks>
internal static class DecimalRounding
{
    /// <summary>Powers of ten from −<see cref="MaxPower"/> to <see cref="MaxPower"/> are covered.</summary>
    public const int MaxPower = 80;

    private const int MantissaBits = 52;

    private static readonly double[] _powersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private static readonly UInt128[] _powersOfFive = [.. Enumerable.Range(-MaxPower, (2 * MaxPower) + 1).Select(PowerOfFive)];

    /// <summary>Rounds <paramref name="digits"/> · 10^<paramref name="power"/>.</summary>
    /// <returns>False when this cannot tell: the power is out of range, or a product lies too close to a boundary.</returns>
    public static bool TryRound(ulong digits, int power, out double value)
    {
        if (digits <= 1UL << 53 && power is >= -22 and <= 22)
        {
            value = power < 0 ? digits / _powersOfTen[-power] : digits * _powersOfTen[power];
            return true;
        }

        value = 0;
        return digits == 0 || (power is >= -MaxPower and <= MaxPower && TryMultiply(digits, power, out value));
    }

    private static bool TryMultiply(ulong w, int q, out double value)
    {
        int zeros = BitOperations.LeadingZeroCount(w);
        w <<= zeros;
        UInt128 five = _powersOfFive[q + MaxPower];
        ulong upper = Math.BigMul(w, (ulong)(five >> 64), out ulong lower);
        if ((upper & 0x1FF) == 0x1FF)
        {
            // The lower half of the power may carry into the bits that decide.
            ulong carry = Math.BigMul(w, (ulong)five, out _);
            lower += carry;
            upper += lower < carry ? 1UL : 0;
        }

        int upperBit = (int)(upper >> 63);
        int shift = upperBit + 64 - MantissaBits - 3;
        ulong mantissa = upper >> shift;
        if (lower <= 1 && (mantissa & 3) == 1 && mantissa << shift == upper && q is >= -4 and <= 23)
        {
            // Exactly half-way, with an even mantissa: rounded down.
            mantissa &= ~1UL;
        }

        // The value is mantissa / 2 · 2^(exponent − 52); rounding may carry into the exponent, which is as it should be.
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        long exponent = ((217706 * q) >> 16) + upperBit - zeros + 63;
        value = BitConverter.Int64BitsToDouble(((exponent + 1023) << MantissaBits) + (long)(mantissa - (1UL << MantissaBits)));
        return lower != ulong.MaxValue || q is >= -27 and <= 55;
    }

    // The first 128 bits of 5^q, truncated; rounded up where 5^−q is shorter than a word, so that the reciprocal of an exact quotient does not fall short.
    private static UInt128 PowerOfFive(int q)
    {
        BigInteger power = BigInteger.Pow(5, Math.Abs(q));
        int bits = (int)power.GetBitLength();
        return q >= 0 ? (UInt128)((power << 128) >> bits) : (UInt128)((BigInteger.One << (127 + bits)) / power) + (q >= -27 ? 1U : 0U);
    }
}
