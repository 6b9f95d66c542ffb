using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Statistics;

/// <summary>The stored form of profiles. Readable figures are plain; sketches are base64 of little-endian binary, because they must be small.</summary>
internal static class ProfileJson
{
    private const int Version = 1;

    /// <summary>Ten thousand columns of 10 KB: the largest table the platform takes.</summary>
    private const int MaximumCharacters = 100_000_000;

    public static string Write(TableProfile profile)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", Version);
            json.WriteNumber("rows", profile.Rows);
            json.WriteStartArray("columns");
            foreach (ColumnProfile column in profile.Columns)
            {
                Write(json, column);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static TableProfile Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaximumCharacters)
        {
            throw new FormatException($"The profile has {text.Length} characters; at most {MaximumCharacters} are read.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            int version = root.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new FormatException($"The profile has version {version}; this program reads version {Version}. Compute the profile again.");
            }

            List<ColumnProfile> columns = [];
            HashSet<string> names = new(StringComparer.Ordinal);
            foreach (JsonElement element in root.GetProperty("columns").EnumerateArray())
            {
                ColumnProfile column = ReadColumn(element);
                if (!names.Add(column.Name))
                {
                    throw new FormatException($"The profile has column '{column.Name}' twice. Compute the profile again.");
                }

                columns.Add(column);
            }

            return new TableProfile(NotNegative(root.GetProperty("rows").GetInt64(), "rows"), columns);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or OverflowException)
        {
            throw new FormatException($"The text is not a profile: {e.Message} Compute the profile again.", e);
        }
    }

    private static void Write(Utf8JsonWriter json, ColumnProfile column)
    {
        json.WriteStartObject();
        json.WriteString("name", column.Name);
        json.WriteString("kind", column.Kind == ProfileKind.Numeric ? "numeric" : "text");
        json.WriteNumber("rows", column.Rows);
        json.WriteNumber("missing", column.Missing);
        if (column.Kind == ProfileKind.Numeric && column.Count > 0)
        {
            WriteNumbers(json, "moments", [column.Moments.Mean, column.Moments.M2, column.Moments.M3, column.Moments.M4]);
            WriteDigest(json, column.Quantiles);
        }

        if (column.Histogram is { } histogram)
        {
            WriteHistogram(json, histogram);
        }

        if (column.Kind == ProfileKind.Text)
        {
            json.WriteStartObject("items");
            foreach ((string item, long count) in column.Items.Counts)
            {
                json.WriteNumber(item, count);
            }

            json.WriteEndObject();
            json.WriteNumber("itemsError", column.Items.Error);
        }

        json.WriteBase64String("distinct", HyperLogLogCode.Encode(column.Distinct));
        json.WriteEndObject();
    }

    private static ColumnProfile ReadColumn(JsonElement element)
    {
        string name = element.GetProperty("name").GetString() ?? throw new FormatException("A column of the profile has no name. Compute the profile again.");
        ProfileKind kind = element.GetProperty("kind").GetString() switch
        {
            "numeric" => ProfileKind.Numeric,
            "text" => ProfileKind.Text,
            string other => throw new FormatException($"Column '{name}' of the profile has kind '{other}'; expected numeric or text."),
            null => throw new FormatException($"Column '{name}' of the profile has no kind; expected numeric or text."),
        };
        long rows = NotNegative(element.GetProperty("rows").GetInt64(), name), missing = NotNegative(element.GetProperty("missing").GetInt64(), name);
        if (missing > rows)
        {
            throw new FormatException($"Column '{name}' of the profile has {missing} missing of {rows} rows. Compute the profile again.");
        }

        ColumnProfile column = new()
        {
            Name = name,
            Kind = kind,
            Rows = rows,
            Missing = missing,
            Distinct = HyperLogLogCode.Decode(element.GetProperty("distinct").GetBytesFromBase64()),
        };
        if (element.TryGetProperty("moments", out JsonElement moments))
        {
            double[] m = ReadNumbers(moments, name, 4);
            column = column with { Moments = new Moments(column.Count, m[0], m[1], m[2], m[3]), Quantiles = ReadDigest(element, name) };
        }

        if (element.TryGetProperty("histogram", out JsonElement histogram))
        {
            column = column with { Histogram = ReadHistogram(histogram, name) };
        }

        if (kind == ProfileKind.Text)
        {
            column = column with
            {
                Items = new FrequentItems(
                    element.GetProperty("items").EnumerateObject().Select(p => KeyValuePair.Create(p.Name, NotNegative(p.Value.GetInt64(), name))).Take(FrequentItems.Capacity),
                    NotNegative(element.GetProperty("itemsError").GetInt64(), name)),
            };
        }

        return column;
    }

    private static void WriteDigest(Utf8JsonWriter json, TDigest digest)
    {
        WriteNumbers(json, "range", [digest.Minimum, digest.Maximum]);
        double[] means = new double[digest.Centroids.Length];
        List<byte> weights = [];
        for (int i = 0; i < means.Length; i++)
        {
            means[i] = digest.Centroids[i].Mean;
            WriteVarint(weights, (ulong)digest.Centroids[i].Weight << 1 | (digest.Centroids[i].IsAtom ? 1UL : 0));
        }

        WriteNumbers(json, "means", means);
        json.WriteBase64String("weights", weights.ToArray());
    }

    private static TDigest ReadDigest(JsonElement element, string name)
    {
        double[] range = ReadNumbers(element.GetProperty("range"), name, 2);
        double[] means = ReadNumbers(element.GetProperty("means"), name, null);
        ulong[] weights = ReadVarints(element.GetProperty("weights").GetBytesFromBase64(), name, means.Length);
        TDigest.Centroid[] centroids = new TDigest.Centroid[means.Length];
        for (int i = 0; i < means.Length; i++)
        {
            if (i > 0 && !(means[i] >= means[i - 1]))
            {
                throw new FormatException($"Column '{name}' of the profile has centroids out of order at {i}. Compute the profile again.");
            }

            centroids[i] = new TDigest.Centroid(means[i], (long)(weights[i] >> 1), (weights[i] & 1) == 1);
        }

        return new TDigest(centroids, range[0], range[1]);
    }

    private static void WriteHistogram(Utf8JsonWriter json, EdgeHistogram histogram)
    {
        json.WriteStartObject("histogram");
        WriteNumbers(json, "edges", [.. histogram.Edges]);
        List<byte> counts = [];
        foreach (long count in histogram.Counts)
        {
            WriteVarint(counts, (ulong)count);
        }

        json.WriteBase64String("counts", counts.ToArray());
        json.WriteBoolean("exact", histogram.IsExact);
        json.WriteEndObject();
    }

    private static EdgeHistogram ReadHistogram(JsonElement element, string name)
    {
        double[] edges = ReadNumbers(element.GetProperty("edges"), name, null);
        for (int i = 1; i < edges.Length; i++)
        {
            if (!(edges[i] > edges[i - 1]))
            {
                throw new FormatException($"Column '{name}' of the profile has histogram edges out of order at {i}. Compute the profile again.");
            }
        }

        ulong[] counts = ReadVarints(element.GetProperty("counts").GetBytesFromBase64(), name, edges.Length + 1);
        return new EdgeHistogram(edges, [.. counts.Select(c => (long)(c & long.MaxValue))], element.GetProperty("exact").GetBoolean());
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, double[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * 8];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 8), numbers[i]);
        }

        json.WriteBase64String(key, bytes);
    }

    private static double[] ReadNumbers(JsonElement element, string name, int? expected)
    {
        byte[] bytes = element.GetBytesFromBase64();
        if (bytes.Length % 8 != 0 || (expected is { } count && bytes.Length != count * 8) || bytes.Length > 8 * 1000)
        {
            throw new FormatException($"Column '{name}' of the profile has {bytes.Length} bytes of numbers; expected {(expected * 8)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "a multiple of 8, at most 8000"}. Compute the profile again.");
        }

        double[] numbers = new double[bytes.Length / 8];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 8));
        }

        return numbers;
    }

    private static void WriteVarint(List<byte> bytes, ulong value)
    {
        while (value >= 0x80)
        {
            bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }

        bytes.Add((byte)value);
    }

    private static ulong[] ReadVarints(byte[] bytes, string name, int expected)
    {
        ulong[] values = new ulong[expected];
        int position = 0;
        for (int i = 0; i < expected; i++)
        {
            int shift = 0;
            byte next;
            do
            {
                if (position >= bytes.Length || shift > 63)
                {
                    throw new FormatException($"Column '{name}' of the profile has too few counts: {i} of {expected}. Compute the profile again.");
                }

                next = bytes[position++];
                values[i] |= (ulong)(next & 0x7F) << shift;
                shift += 7;
            }
            while ((next & 0x80) != 0);
        }

        return values;
    }

    private static long NotNegative(long value, string where) => value >= 0
        ? value
        : throw new FormatException($"The profile has {value} at '{where}'; counts are not negative. Compute the profile again.");
}
