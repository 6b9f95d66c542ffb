using System.Diagnostics.CodeAnalysis;

namespace Mlops.Core.Data;

/// <summary>The name of a model: 1 to 50 of a–z, 0–9 and '-', with a letter or digit first and last. Safe as part of a blob path, a table key and a URL.</summary>
public readonly record struct ModelName
{
    /// <summary>Characters at most.</summary>
    public const int MaxLength = 50;

    private readonly string? _value;

    private ModelName(string value) => _value = value;

    /// <summary>The name as text.</summary>
    /// <exception cref="InvalidOperationException">The name is <c>default</c>, never parsed.</exception>
    public string Value => _value ?? throw new InvalidOperationException("A model name must come from Parse or TryParse.");

    /// <summary>Takes a name from outside.</summary>
    /// <param name="text">The text to check.</param>
    /// <param name="name">The name, when true is returned.</param>
    /// <param name="error">What was found and what is expected, when false is returned.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out ModelName name, [NotNullWhen(false)] out string? error)
    {
        name = default;
        if (string.IsNullOrEmpty(text))
        {
            error = $"The model name is empty; expected {Expected}.";
            return false;
        }

        if (text.Length > MaxLength)
        {
            error = $"The model name '{Excerpt.Of(text)}' has {text.Length} characters; expected {Expected}.";
            return false;
        }

        foreach (char c in text)
        {
            if (!IsAllowed(c))
            {
                error = $"The model name '{Excerpt.Of(text)}' contains {Describe(c)}; expected {Expected}.";
                return false;
            }
        }

        if (text[0] == '-' || text[^1] == '-')
        {
            error = $"The model name '{text}' begins or ends with '-'; expected {Expected}.";
            return false;
        }

        name = new ModelName(text);
        error = null;
        return true;
    }

    /// <summary>Takes a name known to be right.</summary>
    /// <exception cref="FormatException">It is not; the message says why.</exception>
    public static ModelName Parse(string text) => TryParse(text, out ModelName name, out string? error) ? name : throw new FormatException(error);

    /// <inheritdoc/>
    public override string ToString() => Value;

    private const string Expected = "1 to 50 of a–z, 0–9 and '-', with a letter or digit first and last, for example 'churn-eu'";

    private static bool IsAllowed(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';

    private static string Describe(char c) => c is > ' ' and < '\x7F' ? $"'{c}'" : $"the character U+{(int)c:X4}";
}
