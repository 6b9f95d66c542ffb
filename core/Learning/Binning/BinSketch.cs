using System.Buffers;
using System.Runtime.InteropServices;

namespace Mlops.Core.Learning.Binning;

/// <summary>What must be known of some rows to choose bins for them and others: mergeable, so that shards agree on the bins of the whole.</summary>
/// <remarks>Holds the rows whose hashed ids are smallest, at most <see cref="MaxRows"/> of them, and the counts of all categories. The smallest
/// of a union are among the smallest of its parts: merging is exact, in any order. Memory: 4 bytes per kept value.</remarks>
public sealed class BinSketch
{
    /// <summary>Rows kept: a bin of 1/255 then has its edges right to about a fortieth of its mass.</summary>
    public const int MaxRows = 100_000;

    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly ulong[] _keys;
    private readonly FillValues _fill;
    private readonly int[] _rows;
    private readonly long[]?[] _counts;

    private BinSketch(IReadOnlyList<FeatureColumn> features, ulong[] keys, int[] rows, FillValues fill, long[]?[] counts)
    {
        _features = features;
        _keys = keys;
        _rows = rows;
        _fill = fill;
        _counts = counts;
    }

    /// <summary>Rows kept.</summary>
    public int Count => _rows.Length;

    /// <summary>The sketch of some rows.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="firstRow">For rows without ids: the position of the first one in the whole.</param>
    public static BinSketch Of(TrainingSet set, long firstRow)
    {
        ArgumentNullException.ThrowIfNull(set);
        FeatureMatrix x = set.X;
        ulong Key(int row) => Hash.Of(0, set.RowIds is null ? firstRow + row : set.RowIds[row]);
        int[] rows = RowSample.Draw(x.Rows, MaxRows, Key);
        long[]?[] counts = NoCounts(x.Features);
        CountCodes(x, counts);
        return new BinSketch(x.Features, [], rows, Gather, counts)
        {
            KeyOf = Key,
        };

        void Gather(int feature, Span<float> values)
        {
            ReadOnlySpan<float> column = x.Column(feature);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = column[rows[i]];
            }
        }
    }

    /// <summary>The sketch of kept rows, by key, values of each feature, and counts of its categories.</summary>
    internal static BinSketch Of(IReadOnlyList<FeatureColumn> features, ulong[] keys, float[][] values, long[]?[] counts) =>
        new(features, keys, Enumerable.Range(0, keys.Length).ToArray(), (j, to) => values[j].CopyTo(to), counts);

    /// <summary>The sketch of all rows of some sketches.</summary>
    /// <exception cref="ArgumentException">There is none, or they have different columns.</exception>
    public static BinSketch Merge(IReadOnlyList<BinSketch> sketches)
    {
        ArgumentNullException.ThrowIfNull(sketches);
        if (sketches.Count == 0 || sketches.Any(s => !s._features.SequenceEqual(sketches[0]._features)))
        {
            throw new ArgumentException("The sketches are of different columns, or there is none; expected shards of one table.", nameof(sketches));
        }

        (ulong Key, int Sketch, int At)[] all = sketches
            .SelectMany((sketch, s) => Enumerable.Range(0, sketch.Count).Select(at => (sketch.Key(at), s, at)))
            .OrderBy(k => k.Item1)
            .Take(MaxRows)
            .ToArray();
        IReadOnlyList<FeatureColumn> features = sketches[0]._features;
        float[][] values = new float[features.Count][];
        for (int j = 0; j < values.Length; j++)
        {
            float[][] parts = sketches.Select(s =>
            {
                float[] part = new float[s.Count];
                s._fill(j, part);
                return part;
            }).ToArray();
            values[j] = all.Select(k => parts[k.Sketch][k.At]).ToArray();
        }

        long[]?[] counts = features.Select((f, j) => f.IsCategorical ? Sum(sketches, j, f.Cardinality) : null).ToArray();
        return Of(features, [.. all.Select(k => k.Key)], values, counts);
    }

    /// <summary>The bins of every feature; one after the other, so that the scratch of one (two buffers as long as the sample) serves all.</summary>
    /// <param name="maxBins">Value bins per feature at most, 2 … 255.</param>
    public FeatureBins[] ToBins(int maxBins)
    {
        FeatureBins[] bins = new FeatureBins[_features.Count];
        float[] values = ArrayPool<float>.Shared.Rent(Count);
        for (int j = 0; j < bins.Length; j++)
        {
            if (_counts[j] is { } counts)
            {
                bins[j] = BinFinder.Categorical(counts, maxBins);
            }
            else
            {
                _fill(j, values.AsSpan(0, Count));
                bins[j] = BinFinder.NumericInPlace(values.AsSpan(0, Count), maxBins);
            }
        }

        ArrayPool<float>.Shared.Return(values);
        return bins;
    }

    /// <summary>Bytes that <see cref="Deserialize"/> reads in any process: 8 per kept row, 4 per kept value and 8 per category.</summary>
    public byte[] Serialize()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Count);
        for (int at = 0; at < Count; at++)
        {
            writer.Write(Key(at));
        }

        float[] values = new float[Count];
        for (int j = 0; j < _features.Count; j++)
        {
            _fill(j, values);
            writer.Write(MemoryMarshal.AsBytes<float>(values));
            foreach (long count in _counts[j] ?? [])
            {
                writer.Write(count);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="features">The columns of the rows, as the writer had them.</param>
    /// <exception cref="FormatException">The bytes are not a sketch of such columns.</exception>
    public static BinSketch Deserialize(byte[] bytes, IReadOnlyList<FeatureColumn> features)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ArgumentNullException.ThrowIfNull(features);
        int count = bytes.Length < sizeof(int) ? -1 : BitConverter.ToInt32(bytes);
        long expected = sizeof(int) + ((long)count * (sizeof(ulong) + ((long)features.Count * sizeof(float)))) + (features.Sum(feature => feature.IsCategorical ? (long)feature.Cardinality : 0) * sizeof(long));
        if (count is < 0 or > MaxRows || bytes.Length != expected)
        {
            throw new FormatException($"Found {bytes.Length} bytes that are no sketch of {features.Count} columns; expected what Serialize wrote for the same columns.");
        }

        using BinaryReader reader = new(new MemoryStream(bytes));
        _ = reader.ReadInt32();
        ulong[] keys = [.. Enumerable.Range(0, count).Select(_ => reader.ReadUInt64())];
        float[][] values = new float[features.Count][];
        long[]?[] counts = new long[features.Count][];
        for (int j = 0; j < features.Count; j++)
        {
            values[j] = MemoryMarshal.Cast<byte, float>(reader.ReadBytes(count * sizeof(float))).ToArray();
            counts[j] = features[j].IsCategorical ? [.. Enumerable.Range(0, features[j].Cardinality).Select(_ => reader.ReadInt64())] : null;
        }

        return Of(features, keys, values, counts);
    }

    /// <summary>A count of 0 for each category of each categorical feature.</summary>
    internal static long[]?[] NoCounts(IReadOnlyList<FeatureColumn> features) => [.. features.Select(f => f.IsCategorical ? new long[f.Cardinality] : null)];

    /// <summary>Counts the categories of some rows.</summary>
    internal static void CountCodes(FeatureMatrix x, long[]?[] counts)
    {
        for (int j = 0; j < counts.Length; j++)
        {
            if (counts[j] is { } codes)
            {
                foreach (float value in x.Column(j))
                {
                    if (value >= 0 && value < codes.Length)
                    {
                        codes[(int)value]++;
                    }
                }
            }
        }
    }

    /// <summary>Writes the kept values of a feature.</summary>
    private delegate void FillValues(int feature, Span<float> values);

    private Func<int, ulong>? KeyOf { get; init; }

    private static long[] Sum(IReadOnlyList<BinSketch> sketches, int feature, int cardinality)
    {
        long[] sum = new long[cardinality];
        foreach (BinSketch sketch in sketches)
        {
            for (int code = 0; code < cardinality; code++)
            {
                sum[code] += sketch._counts[feature]![code];
            }
        }

        return sum;
    }

    private ulong Key(int at) => _keys.Length > 0 ? _keys[at] : KeyOf!(_rows[at]);
}
