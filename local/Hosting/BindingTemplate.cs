using System.Globalization;
using System.Text.RegularExpressions;

namespace Mlops.Local.Hosting;

/// <summary>Texts with names in braces, as in <c>container/{folder}/{name}.csv</c>: filled from binding data, or matched against a path to get some.</summary>
internal sealed partial class BindingTemplate
{
    private readonly string _text;
    private readonly Regex _pattern;
    private readonly string[] _names;

    public BindingTemplate(string text)
    {
        _text = text;
        _names = Token().Matches(text).Select(m => m.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase).ToArray();
        var pattern = string.Concat(Token().Split(text).Select((part, i) => i % 2 == 0 ? Regex.Escape(part) : $"(?<{Group(part)}>.*)"));

        // Names of blobs come from outside: matching takes linear time.
        _pattern = new Regex($"^{pattern}$", RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    /// <summary>What stands before the first name: no matching path begins otherwise.</summary>
    public string Prefix => _text.Split('{', 2)[0];

    /// <summary>Replaces each name by its binding data; <c>{rand-guid}</c> by a new GUID.</summary>
    /// <exception cref="InvalidOperationException">There is no binding data of a name.</exception>
    public static string Fill(string text, IReadOnlyDictionary<string, object?> data) => Token().Replace(text, match =>
    {
        var name = match.Groups[1].Value;
        return name == "rand-guid" ? Guid.NewGuid().ToString()
            : data.FirstOrDefault(d => string.Equals(d.Key, name, StringComparison.OrdinalIgnoreCase)).Value is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture)!
            : throw new InvalidOperationException($"\"{text}\": there is no binding data '{name}'; found: {string.Join(", ", data.Keys)}.");
    });

    /// <summary>The values of the names in a path; null when the path does not match.</summary>
    public Dictionary<string, object?>? Match(string path)
    {
        var match = _pattern.Match(path);
        return match.Success ? _names.ToDictionary(n => n, n => (object?)match.Groups[Group(n)].Value, StringComparer.OrdinalIgnoreCase) : null;
    }

    private static string Group(string name) => "n_" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name.ToLowerInvariant()));

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Token();
}
