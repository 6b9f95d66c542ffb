using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using Mlops.Core.Data;

namespace Mlops.Core.Access;

/// <summary>The models that a caller reaches: all of them, or those whose names match a pattern such as <c>weather-*</c>.</summary>
public sealed class ModelScope
{
    /// <summary>Patterns in one scope at most.</summary>
    public const int MaximumPatterns = 20;

    private ModelScope(IReadOnlyList<string> patterns) => Patterns = patterns;

    /// <summary>Every model.</summary>
    public static ModelScope All { get; } = new(["*"]);

    /// <summary>What a name has to match one of; <c>*</c> stands for any characters, also none.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>Whether every model is reached.</summary>
    public bool IsAll => Patterns.Contains("*");

    /// <summary>Takes patterns from outside.</summary>
    /// <param name="patterns">1 to 20 patterns of the characters of model names and <c>*</c>.</param>
    /// <param name="scope">The scope, when true is returned.</param>
    /// <param name="error">What was found and what is expected, when false is returned.</param>
    public static bool TryParse(IReadOnlyList<string> patterns, [NotNullWhen(true)] out ModelScope? scope, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        (scope, error) = (null, null);
        if (patterns.Count is 0 or > MaximumPatterns)
        {
            error = $"There are {patterns.Count} patterns; expected 1 to {MaximumPatterns}, for example \"weather-*\", or \"*\" for every model.";
            return false;
        }

        foreach (string? pattern in patterns)
        {
            if (pattern is not { Length: > 0 and <= ModelName.MaxLength } || !pattern.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '-' or '*'))
            {
                error = $"The pattern '{Excerpt.Of(pattern ?? string.Empty)}' is none; expected 1 to {ModelName.MaxLength} of a–z, 0–9, '-' and '*', for example 'weather-*'.";
                return false;
            }
        }

        scope = new ModelScope([.. patterns]);
        return true;
    }

    /// <summary>Whether a model is reached. A name that is none matches <see cref="All"/> only.</summary>
    public bool Allows(string model) => Patterns.Any(pattern => pattern == "*" || FileSystemName.MatchesSimpleExpression(pattern, model, ignoreCase: false));

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Patterns);
}
