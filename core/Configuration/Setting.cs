using System.Globalization;
using System.Text.Json;
using Mlops.Core.Data;

namespace Mlops.Core.Configuration;

/// <summary>One setting of <c>model.yaml</c>: how it is read, shown and documented.</summary>
/// <param name="Key">The key with its section.</param>
/// <param name="Type">What is written there.</param>
/// <param name="Range">What is allowed.</param>
/// <param name="Meaning">What it does.</param>
/// <param name="Show">The value in canonical form.</param>
/// <param name="Apply">The configuration with the value of a node; complains and returns it unchanged when the node is wrong.</param>
internal sealed record Setting(
    string Key,
    string Type,
    string Range,
    string Meaning,
    Func<ModelConfiguration, string> Show,
    Func<ModelConfiguration, YamlNode, Complaints, ModelConfiguration> Apply)
{
    public static Setting Number(string key, double minimum, double maximum, string meaning, Func<ModelConfiguration, double> get, Func<ModelConfiguration, double, ModelConfiguration> set)
    {
        string range = $"{Digits(minimum)} … {Digits(maximum)}";
        return new Setting(key, "number", range, meaning, c => Digits(get(c)), (c, node, complaints) =>
            node is YamlScalar { IsPlain: true } scalar && TryNumber(scalar.Text, out double value) && value >= minimum && value <= maximum
                ? set(c, value)
                : complaints.Add(c, node, $"a number in {range}"));
    }

    public static Setting Integer(string key, long minimum, long maximum, string meaning, Func<ModelConfiguration, long> get, Func<ModelConfiguration, long, ModelConfiguration> set)
    {
        string range = string.Create(CultureInfo.InvariantCulture, $"{minimum} … {maximum}");
        return new Setting(key, "whole number", range, meaning, c => get(c).ToString(CultureInfo.InvariantCulture), (c, node, complaints) =>
            node is YamlScalar { IsPlain: true } scalar && TryInteger(scalar.Text, out long value) && value >= minimum && value <= maximum
                ? set(c, value)
                : complaints.Add(c, node, $"a whole number in {range}"));
    }

    public static Setting Boolean(string key, string meaning, Func<ModelConfiguration, bool> get, Func<ModelConfiguration, bool, ModelConfiguration> set) =>
        new(key, "true or false", "true, false", meaning, c => get(c) ? "true" : "false", (c, node, complaints) =>
            node is YamlScalar { IsPlain: true, Text: "true" or "false" } scalar ? set(c, scalar.Text == "true") : complaints.Add(c, node, "true or false"));

    public static Setting Duration(string key, TimeSpan minimum, TimeSpan maximum, string meaning, Func<ModelConfiguration, TimeSpan> get, Func<ModelConfiguration, TimeSpan, ModelConfiguration> set)
    {
        string range = $"{DurationText.Show(minimum)} … {DurationText.Show(maximum)}";
        return new Setting(key, "duration", range, meaning, c => DurationText.Show(get(c)), (c, node, complaints) =>
            node is YamlScalar scalar && DurationText.TryParse(scalar.Text, out TimeSpan value) && value >= minimum && value <= maximum
                ? set(c, value)
                : complaints.Add(c, node, $"a duration in {range}, such as 90s, 10m, 24h, 7d or 00:10:00"));
    }

    public static Setting Choice<T>(string key, string meaning, Func<ModelConfiguration, T> get, Func<ModelConfiguration, T, ModelConfiguration> set)
        where T : struct, Enum
    {
        string range = string.Join(", ", Enum.GetValues<T>().Select(Name));
        return new Setting(key, "name", range, meaning, c => Name(get(c)), (c, node, complaints) =>
            TryChoice(node, out T value) ? set(c, value) : complaints.Add(c, node, $"one of {range}"));
    }

    /// <summary>The canonical text of a number: the shortest that reads back the same.</summary>
    public static string Digits(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The canonical text of a name from outside: quoted as JSON, so that no name can look like another list.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text);

    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static bool TryNumber(string text, out double value) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);

    public static bool TryInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public static bool TryChoice<T>(YamlNode node, out T value)
        where T : struct, Enum
    {
        foreach (T candidate in Enum.GetValues<T>())
        {
            if (node is YamlScalar scalar && scalar.Text == Name(candidate))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}

/// <summary>Collects errors, with the key they concern.</summary>
internal sealed class Complaints
{
    /// <summary>Errors told at most.</summary>
    public const int Max = 50;

    private readonly List<ConfigurationError> _errors = [];

    public IReadOnlyList<ConfigurationError> Errors => _errors;

    /// <summary>The key that is being read.</summary>
    public string Key { get; set; } = string.Empty;

    /// <summary>Notes an error in a value and returns the configuration as it was.</summary>
    public ModelConfiguration Add(ModelConfiguration unchanged, YamlNode node, string expected)
    {
        Add(node.Line, Key, node is YamlScalar scalar ? $"'{Excerpt.Of(scalar.Text)}'" : node.Kind, expected);
        return unchanged;
    }

    /// <summary>Notes an error.</summary>
    public void Add(int line, string key, string found, string expected)
    {
        if (_errors.Count < Max)
        {
            _errors.Add(new ConfigurationError(line, key, found, expected));
        }
    }
}
