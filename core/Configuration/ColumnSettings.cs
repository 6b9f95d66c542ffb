using Mlops.Core.Data;

namespace Mlops.Core.Configuration;

/// <summary>Settings that name columns, or give a value for each of several names from the data.</summary>
internal static class ColumnSettings
{
    /// <summary>Names in one setting at most.</summary>
    public const int MaxNames = 2000;

    private const int MaxNameLength = 256;

    /// <summary>A setting that is the name of one column, or nothing.</summary>
    public static Setting Column(string key, string none, string meaning, Func<ModelConfiguration, string?> get, Func<ModelConfiguration, string, ModelConfiguration> set) =>
        new(key, "column name", "1 … 256 characters", meaning, c => get(c) is { } name ? Setting.Quote(name) : none, (c, node, complaints) =>
            IsName(node, out string name) ? set(c, name) : complaints.Add(c, node, "the name of a column, 1 to 256 characters"));

    /// <summary>A setting that gives a value for each of several names from the data.</summary>
    public static Setting Map<T>(
        string key,
        string type,
        string range,
        string meaning,
        string expected,
        Func<ModelConfiguration, IReadOnlyDictionary<string, T>> get,
        Func<ModelConfiguration, IReadOnlyDictionary<string, T>, ModelConfiguration> set,
        Func<T, string> show,
        TryValue<T> tryValue) => new(
            key,
            type,
            range,
            meaning,
            c => $"[{string.Join(", ", get(c).OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{Setting.Quote(item.Key)}: {show(item.Value)}"))}]",
            (c, node, complaints) =>
            {
                if (node is not YamlMap { Entries.Count: <= MaxNames } map)
                {
                    return complaints.Add(c, node, expected);
                }

                SortedDictionary<string, T> values = new(StringComparer.Ordinal);
                foreach ((YamlScalar name, YamlNode value) in map.Entries)
                {
                    if (!IsName(name, out string text))
                    {
                        complaints.Add(c, name, "a name from the data, 1 to 256 characters");
                    }
                    else if (tryValue(value, out T? read))
                    {
                        values[text] = read;
                    }
                    else
                    {
                        complaints.Add(c, value, $"{range} for '{Excerpt.Of(text)}'");
                    }
                }

                return set(c, values);
            });

    /// <summary>Whether a node is a name from the data.</summary>
    public static bool IsName(YamlNode node, out string name)
    {
        name = (node as YamlScalar)?.Text ?? string.Empty;
        return name.Length is > 0 and <= MaxNameLength && !name.Any(char.IsControl);
    }

    /// <summary>A number in a range, both ends included.</summary>
    public static TryValue<double> Number(double minimum, double maximum) => (YamlNode node, out double value) =>
    {
        value = 0;
        return node is YamlScalar { IsPlain: true } scalar && Setting.TryNumber(scalar.Text, out value) && value >= minimum && value <= maximum;
    };

    /// <summary>Reads one value.</summary>
    public delegate bool TryValue<T>(YamlNode node, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? value);
}
