using System.Globalization;
using System.Text.Json;

namespace Mlops.Core.Tests.Statistics;

/// <summary>Reference values and the generator both sides rebuild inputs with; see tests/golden/statistics.</summary>
internal static class Golden
{
    public static string Path(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "statistics", file);

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllText(Path(file))).RootElement;

    /// <summary>A number; non-finite ones are strings.</summary>
    public static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : element.GetString() switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, string s => double.Parse(s, CultureInfo.InvariantCulture), null => double.NaN };

    public static double[] Numbers(JsonElement element) => [.. element.EnumerateArray().Select(Number)];

    public static double[] Sample(uint seed, int n, string kind, double shift)
    {
        Lcg g = new(seed);
        double[] values = new double[n];
        for (int i = 0; i < n; i++)
        {
            values[i] = kind switch
            {
                "uniform" => g.Next() + shift,
                "normal" => g.Twelve() - 6 + shift,
                "heavy" => Heavy(g.Next()) + shift,
                "ties" => Math.Floor(g.Next() * 8 + shift),
                "rounded" => Math.Floor((g.Twelve() - 6 + shift) * 4) / 4,
                "constant" => 2 + Math.Floor(shift),
                _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
            };
        }

        return values;
    }

    /// <summary>Empty when equal within relative or absolute tolerance, otherwise a line for the failure message.</summary>
    public static string? Difference(string what, double expected, double actual, double relative = 1e-9, double absolute = 1e-13) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= Math.Max(absolute, relative * Math.Abs(expected)) ? null
            : string.Create(CultureInfo.InvariantCulture, $"{what}: expected {expected:R}, found {actual:R} (relative {Math.Abs(expected - actual) / Math.Abs(expected):E1})");

    public static void AllEqual(IEnumerable<string?> differences)
    {
        List<string> found = [.. differences.OfType<string>()];
        Assert.True(found.Count == 0, $"{found.Count} differences:\n{string.Join("\n", found.Take(25))}");
    }

    private static double Heavy(double u) => u / (1 - u);
}

/// <summary>s ← (1664525·s + 1013904223) mod 2³²; u = s/2³².</summary>
internal sealed class Lcg(uint seed)
{
    private uint _state = seed;

    public double Next()
    {
        _state = unchecked(1664525 * _state + 1013904223);
        return _state / 4294967296.0;
    }

    public double Twelve()
    {
        double sum = 0;
        for (int i = 0; i < 12; i++)
        {
            sum += Next();
        }

        return sum;
    }
}
