namespace Mlops.Core.Statistics.Sketches;

/// <summary>The stored form of a <see cref="HyperLogLog"/>: canonical Huffman over the register values, about 2.9 bits a register.</summary>
/// <remarks>Layout: one code length (0…63, one byte) per register value 0…51, then the codes of all registers, highest bit first. Plain 6-bit registers
/// would take 12 KB, more than the 10 KB a column may have; a general compressor would tie the bytes to its version.</remarks>
internal static class HyperLogLogCode
{
    private const int Symbols = HyperLogLog.MaximumRegister + 1;

    public static byte[] Encode(HyperLogLog sketch)
    {
        int[] counts = new int[Symbols];
        foreach (byte register in sketch.Registers)
        {
            counts[register]++;
        }

        byte[] lengths = Lengths(counts);
        ulong[] codes = Codes(lengths);
        List<byte> bytes = [.. lengths];
        ulong pending = 0;
        int bits = 0;
        foreach (byte register in sketch.Registers)
        {
            for (int b = lengths[register] - 1; b >= 0; b--)
            {
                pending = (pending << 1) | ((codes[register] >> b) & 1);
                if (++bits == 8)
                {
                    bytes.Add((byte)pending);
                    pending = 0;
                    bits = 0;
                }
            }
        }

        if (bits > 0)
        {
            bytes.Add((byte)(pending << (8 - bits)));
        }

        return [.. bytes];
    }

    public static HyperLogLog Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Symbols)
        {
            throw new FormatException($"A distinct-count sketch has {bytes.Length} bytes; expected at least {Symbols}. The profile is damaged: compute it again.");
        }

        byte[] lengths = bytes[..Symbols].ToArray();
        double kraft = 0;
        foreach (byte length in lengths)
        {
            kraft += length == 0 ? 0 : Math.Pow(2, -Math.Min((int)length, 63));
        }

        if (kraft > 1 || lengths.Any(l => l > 51))
        {
            throw new FormatException("A distinct-count sketch has impossible code lengths. The profile is damaged: compute it again.");
        }

        ulong[] codes = Codes(lengths);
        Dictionary<(int Length, ulong Code), byte> symbols = [];
        for (int s = 0; s < Symbols; s++)
        {
            if (lengths[s] > 0)
            {
                symbols[(lengths[s], codes[s])] = (byte)s;
            }
        }

        byte[] registers = new byte[HyperLogLog.Size];
        int position = Symbols * 8;
        for (int i = 0; i < registers.Length; i++)
        {
            ulong code = 0;
            int length = 0;
            byte symbol;
            do
            {
                if (position >= bytes.Length * 8 || length >= 51)
                {
                    throw new FormatException($"A distinct-count sketch ends at register {i} of {registers.Length}. The profile is damaged: compute it again.");
                }

                code = (code << 1) | (uint)((bytes[position >> 3] >> (7 - (position & 7))) & 1);
                position++;
                length++;
            }
            while (!symbols.TryGetValue((length, code), out symbol));
            registers[i] = symbol;
        }

        return new HyperLogLog(registers);
    }

    /// <summary>Huffman code lengths; ties by symbol, so that equal sketches have equal bytes.</summary>
    private static byte[] Lengths(int[] counts)
    {
        byte[] lengths = new byte[Symbols];
        PriorityQueue<int[], (long Weight, int Smallest)> queue = new();
        for (int s = 0; s < Symbols; s++)
        {
            if (counts[s] > 0)
            {
                queue.Enqueue([s], (counts[s], s));
            }
        }

        if (queue.Count == 1)
        {
            lengths[queue.Dequeue()[0]] = 1;
        }

        while (queue.Count > 1)
        {
            queue.TryDequeue(out int[]? a, out (long Weight, int Smallest) first);
            queue.TryDequeue(out int[]? b, out (long Weight, int Smallest) second);
            int[] joined = [.. a!, .. b!];
            foreach (int s in joined)
            {
                lengths[s]++;
            }

            queue.Enqueue(joined, (first.Weight + second.Weight, Math.Min(first.Smallest, second.Smallest)));
        }

        return lengths;
    }

    /// <summary>Canonical codes: by length, then by symbol.</summary>
    private static ulong[] Codes(byte[] lengths)
    {
        ulong[] codes = new ulong[Symbols];
        ulong next = 0;
        int previous = 0;
        foreach (int s in Enumerable.Range(0, Symbols).Where(s => lengths[s] > 0).OrderBy(s => lengths[s]).ThenBy(s => s))
        {
            next <<= lengths[s] - previous;
            previous = lengths[s];
            codes[s] = next++;
        }

        return codes;
    }
}
