using System.Globalization;
using System.Text;

namespace Mlops.Core.Data;

/// <summary>What a value looks like.</summary>
internal enum CellShape
{
    /// <summary>Empty, blank, or one of the markers NA, N/A, NaN, nan, null, NULL.</summary>
    Missing,

    /// <summary>A whole number in ±2⁵³ without leading zeros.</summary>
    Integer,

    /// <summary>A finite number, or a whole number with leading zeros or beyond ±2⁵³.</summary>
    Number,

    /// <summary>A number that is infinite, or too large for a double.</summary>
    Infinite,

    /// <summary>An ISO 8601 date or date and time.</summary>
    Timestamp,

    /// <summary>Anything else.</summary>
    Text,
}

/// <summary>Reads numbers, instants and missing markers from the UTF-8 bytes of a value. Culture-free; blanks around are ignored.</summary>
internal static class CellParser
{
    /// <summary>Whole numbers up to here are exact as a double.</summary>
    public const double MaxInteger = 9007199254740992;

    /// <summary>Without the blanks and tabs around.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> cell)
    {
        // Nearly no value has blanks: test before the call.
        return cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' ') ? cell.Trim(" \t"u8) : cell;
    }

    /// <summary>Whether a trimmed value means missing.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> cell) => cell.Length switch
    {
        0 => true,
        2 => cell.SequenceEqual("NA"u8),
        3 => cell.SequenceEqual("NaN"u8) || cell.SequenceEqual("N/A"u8) || cell.SequenceEqual("nan"u8),
        4 => cell.SequenceEqual("null"u8) || cell.SequenceEqual("NULL"u8),
        _ => false,
    };

    /// <summary>Reads a trimmed number: sign, digits with a decimal point, exponent; or infinity in words.</summary>
    /// <returns><see cref="CellShape.Integer"/>, <see cref="CellShape.Number"/>, <see cref="CellShape.Infinite"/>, or <see cref="CellShape.Text"/> when it is no number.</returns>
    /// <remarks>Correctly rounded: decimals of up to 19 digits by <see cref="DecimalRounding"/>, everything else by the runtime's parser.</remarks>
    public static CellShape TryNumber(ReadOnlySpan<byte> cell, out double value)
    {
        value = double.NaN;
        bool negative = cell.Length > 0 && cell[0] == '-';
        ReadOnlySpan<byte> text = negative || (cell.Length > 0 && cell[0] == '+') ? cell[1..] : cell;
        if (DecimalDigits.TryRead(text, out ulong digits, out int decimals))
        {
            if (decimals < 0)
            {
                return Whole(text, digits, negative, out value);
            }

            // At most 15 digits: always within what rounds in one step.
            _ = DecimalRounding.TryRound(digits, -decimals, out double quotient);
            value = negative ? -quotient : quotient;
            return CellShape.Number;
        }

        digits = 0;
        decimals = 0;
        int at = DecimalDigits.Append(text, 0, ref digits);
        int allDigits = at;
        if (at == text.Length && allDigits is > 0 and < 19)
        {
            return Whole(text, digits, negative, out value);
        }

        if (at < text.Length && text[at] == '.')
        {
            int point = ++at;
            at = DecimalDigits.Append(text, at, ref digits);
            decimals = at - point;
            allDigits += decimals;
        }

        if (allDigits == 0)
        {
            return IsInfinity(text) ? CellShape.Infinite : CellShape.Text;
        }

        int exponent = 0;
        if (at < text.Length)
        {
            if ((text[at] | 0x20) != 'e' || !TryExponent(text[(at + 1)..], out exponent))
            {
                return CellShape.Text;
            }
        }

        if (allDigits <= 19 && DecimalRounding.TryRound(digits, exponent - decimals, out double magnitude))
        {
            value = negative ? -magnitude : magnitude;
            return CellShape.Number;
        }

        value = double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? CellShape.Number : CellShape.Infinite;
    }

    /// <summary>Whether a number's text is a code rather than a quantity: leading zeros as in 00123, or more digits than a double holds.</summary>
    public static bool IsCode(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && cell[0] is (byte)'-' or (byte)'+')
        {
            cell = cell[1..];
        }

        return cell.Length > 1 && !cell.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (cell[0] == '0' || TryNumber(cell, out _) != CellShape.Integer);
    }

    /// <summary>Reads a trimmed ISO 8601 instant into whole seconds since 1970-01-01 UTC, fractions cut off towards the past.</summary>
    /// <remarks>yyyy-MM-dd or yyyy/MM/dd, then optionally 'T' or a blank and HH:mm[:ss[.f…]], then optionally Z or ±HH[:]mm. Without an offset it is UTC.</remarks>
    public static bool TryTimestamp(ReadOnlySpan<byte> cell, out double seconds)
    {
        seconds = double.NaN;
        if (cell.Length < 10 || !TryDigits(cell[..4], out int year) || cell[4] is not ((byte)'-' or (byte)'/') || cell[7] != cell[4]
            || !TryDigits(cell.Slice(5, 2), out int month) || !TryDigits(cell.Slice(8, 2), out int day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        int time = 0;
        int offset = 0;
        ReadOnlySpan<byte> rest = cell[10..];
        if (!rest.IsEmpty && (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryTime(rest[1..], out time, out rest) || !TryOffset(rest, out offset)))
        {
            return false;
        }

        seconds = ((new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Days * 86400L) + time - offset;
        return seconds is >= -62135596800 and <= 253402300799;
    }

    /// <summary>What a trimmed value looks like.</summary>
    public static CellShape ShapeOf(ReadOnlySpan<byte> cell, CellForm form)
    {
        if (form == CellForm.Missing || IsMissing(cell))
        {
            return CellShape.Missing;
        }

        CellShape number = form == CellForm.JsonText ? CellShape.Text : TryNumber(cell, out _);
        return number != CellShape.Text ? number
            : TryTimestamp(cell, out _) ? CellShape.Timestamp
            : CellShape.Text;
    }

    private static CellShape Whole(ReadOnlySpan<byte> text, ulong digits, bool negative, out double value)
    {
        value = negative ? -(double)digits : digits;
        bool leadingZero = text.Length > 1 && text[0] == '0';
        return digits <= 1UL << 53 && !leadingZero ? CellShape.Integer : CellShape.Number;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        bool negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
        {
            text = text[1..];
        }

        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            // Beyond ±10,000 the result is 0 or infinite whatever follows.
            exponent = Math.Min((exponent * 10) + (int)digit, 10_000);
        }

        exponent = negative ? -exponent : exponent;
        return text.Length > 0;
    }

    private static bool IsInfinity(ReadOnlySpan<byte> text) =>
        Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8);

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (byte b in text)
        {
            uint digit = (uint)(b - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + (int)digit;
        }

        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> text, out int seconds, out ReadOnlySpan<byte> rest)
    {
        seconds = 0;
        rest = default;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out int hour) || !TryDigits(text.Slice(3, 2), out int minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        int second = 0;
        rest = text[5..];
        if (rest.Length >= 3 && rest[0] == ':')
        {
            if (!TryDigits(rest.Slice(1, 2), out second) || second > 59)
            {
                return false;
            }

            rest = rest[3..];
            if (rest.Length >= 2 && rest[0] == '.')
            {
                int end = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                if (end == 0)
                {
                    return false;
                }

                rest = end < 0 ? default : rest[(end + 1)..];
            }
        }

        seconds = (hour * 3600) + (minute * 60) + second;
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || (text.Length == 1 && text[0] is (byte)'Z' or (byte)'z'))
        {
            return true;
        }

        bool colon = text.Length == 6 && text[3] == ':';
        if (text[0] is not ((byte)'+' or (byte)'-') || (text.Length != 5 && !colon)
            || !TryDigits(text.Slice(1, 2), out int hours) || !TryDigits(text[^2..], out int minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        seconds = ((hours * 3600) + (minutes * 60)) * (text[0] == '-' ? -1 : 1);
        return true;
    }
}
