using System.Numerics;
using System.Text;

namespace Mlops.Core.Data;

/// <summary>A 64-bit hash of the content of each row, the same for the same content in any batch, column order, process or machine.</summary>
/// <remarks>
/// Every present cell gives mix(name + rotl(value, 32)); a row's hash is mix of their sum modulo 2⁶⁴, so column order does not matter and a missing
/// cell is the same as an absent column. name and text values are FNV-1a 64 over UTF-8, then mixed; a number is mix of its IEEE 754 bits with −0 as 0,
/// so that 3 hashes the same as Integer and as Number. mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014). Not cryptographic: it decides
/// splits and finds duplicates. O(cells + distinct text).
/// </remarks>
public static class RowHash
{
    /// <summary>One hash per row.</summary>
    public static ulong[] Of(DataTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        ulong[] sums = new ulong[table.RowCount];
        foreach (Column column in table.Columns)
        {
            ulong name = OfText(column.Name);
            switch (column)
            {
                case NumericColumn numeric:
                    Add(sums, name, numeric.Values);
                    break;
                case TextColumn text:
                    Add(sums, name, text);
                    break;
            }
        }

        for (int row = 0; row < sums.Length; row++)
        {
            sums[row] = Mix(sums[row]);
        }

        return sums;
    }

    /// <summary>The finaliser of SplitMix64 after its increment: a bijection in which every input bit flips each output bit with probability about one half.</summary>
    internal static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static void Add(ulong[] sums, ulong name, ReadOnlySpan<double> values)
    {
        for (int row = 0; row < values.Length; row++)
        {
            double value = values[row];
            if (!double.IsNaN(value))
            {
                sums[row] += Cell(name, Mix(BitConverter.DoubleToUInt64Bits(value == 0 ? 0 : value)));
            }
        }
    }

    private static void Add(ulong[] sums, ulong name, TextColumn column)
    {
        ulong[] entries = new ulong[column.Dictionary.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = Cell(name, OfText(column.Dictionary[i]));
        }

        ReadOnlySpan<int> codes = column.Codes;
        for (int row = 0; row < codes.Length; row++)
        {
            if (codes[row] >= 0)
            {
                sums[row] += entries[codes[row]];
            }
        }
    }

    private static ulong Cell(ulong name, ulong value) => Mix(name + BitOperations.RotateLeft(value, 32));

    private static ulong OfText(string text)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return Mix(hash);
    }
}
