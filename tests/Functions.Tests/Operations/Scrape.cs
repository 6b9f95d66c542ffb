using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlops.Functions.Tests.Operations;

/// <summary>Reads the text format of Prometheus strictly, as its specification has it: what is not allowed fails.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _values = [];
    private readonly Dictionary<string, string> _types = [];

    private Scrape(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
        string family = string.Empty;
        HashSet<string> helped = [];
        foreach (string line in text.TrimEnd('\n').Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                family = comment.Groups["name"].Value;
                if (comment.Groups["kind"].Value == "HELP")
                {
                    Assert.True(helped.Add(family), $"{family} has two HELP lines, or its lines do not stand together.");
                }
                else
                {
                    Assert.True(_types.TryAdd(family, comment.Groups["text"].Value), $"{family} has two TYPE lines.");
                    Assert.Contains(_types[family], (string[])["counter", "gauge", "histogram"]);
                }

                continue;
            }

            Match sample = Sample().Match(line);
            Assert.True(sample.Success, $"not a sample: {line}");
            string name = sample.Groups["name"].Value;
            Assert.True(name == family || (_types[family] == "histogram" && name is var n && (n == family + "_bucket" || n == family + "_sum" || n == family + "_count")), $"{name} stands among the samples of {family}.");
            string value = sample.Groups["value"].Value;
            Assert.True(_values.TryAdd(name + sample.Groups["labels"].Value, value is "+Inf" or "-Inf" ? double.PositiveInfinity : double.Parse(value, CultureInfo.InvariantCulture)), $"twice: {line}");
        }
    }

    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>The value of a sample, spelled with its labels.</summary>
    public double this[string sample] => _values.TryGetValue(sample, out double value) ? value : throw new KeyNotFoundException($"{sample} is not among {string.Join('\n', _values.Keys)}");

    public static Scrape Parse(string text) => new(text);

    /// <summary>The samples that may never become smaller: counters, and all of histograms.</summary>
    public IEnumerable<string> Monotonic() => _values.Keys.Where(sample =>
    {
        string name = sample.Split('{')[0];
        return _types.Any(type => (type.Value == "counter" && type.Key == name) || (type.Value == "histogram" && name.StartsWith(type.Key, StringComparison.Ordinal)));
    });

    [GeneratedRegex(@"^# (?<kind>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>[^\n]+)$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\""n])*""(?:,[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\""n])*"")*\})? (?<value>[-+]?(?:\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|Inf)|NaN)$")]
    private static partial Regex Sample();
}
