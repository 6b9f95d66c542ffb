using System.Globalization;

namespace Mlops.Cli;

/// <summary>A command line taken apart: words, and options of the form <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private static readonly string[] _known =
        ["config", "contract", "write-contract", "junit", "against", "model", "rows", "requests", "concurrency", "p95", "errors", "versions", "metric", "margin", "models", "out", "plan", "source", "month", "name", "role", "days", "format"];

    private static readonly string[] _switches = ["check", "retrain"];

    private readonly Dictionary<string, string> _options = [];

    /// <exception cref="UsageException">An option is unknown, given twice, or has no value.</exception>
    public Arguments(IReadOnlyList<string> arguments)
    {
        List<string> words = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal))
            {
                words.Add(arguments[i]);
                continue;
            }

            string name = arguments[i][2..];
            if (_switches.Contains(name))
            {
                _options[name] = name;
                continue;
            }

            if (!_known.Contains(name))
            {
                throw new UsageException($"Unknown option '{arguments[i]}'.");
            }

            if (++i == arguments.Count || !_options.TryAdd(name, arguments[i]))
            {
                throw new UsageException($"'--{name}' needs one value, once.");
            }
        }

        Words = [.. words];
    }

    /// <summary>What is not an option, in order; the command's own words first.</summary>
    public string[] Words { get; }

    /// <summary>Whether a switch is given: an option without a value.</summary>
    public bool Switch(string name) => _options.ContainsKey(name);

    /// <summary>The value of an option, or null.</summary>
    public string? Option(string name) => _options.GetValueOrDefault(name);

    /// <summary>The value of an option that has to be given.</summary>
    public string Required(string name) => Option(name) ?? throw new UsageException($"'--{name}' is missing.");

    /// <summary>The words after the command; at least one.</summary>
    public IReadOnlyList<string> Operands(int commandWords) =>
        Words.Length > commandWords ? Words[commandWords..] : throw new UsageException($"'{string.Join(' ', Words)}' needs an operand.");

    /// <summary>A number of at least <paramref name="minimum"/>.</summary>
    public double Number(string name, double fallback, double minimum) =>
        Option(name) is not { } text ? fallback
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number >= minimum && double.IsFinite(number) ? number
        : throw new UsageException($"'--{name} {text}': expected a number of at least {minimum.ToString(CultureInfo.InvariantCulture)}.");
}
