using System.Diagnostics.CodeAnalysis;

namespace Mlops.Core.Data;

/// <summary>Where a batch lies in the drop container: <c>data/{model}/{name}</c>.</summary>
/// <param name="Model">The model whose data it is.</param>
/// <param name="Name">The rest of the path; may have folders.</param>
/// <param name="Format">The format its ending says.</param>
public sealed record BatchPath(ModelName Model, string Name, BatchFormat Format)
{
    /// <summary>The first folder of every batch.</summary>
    public const string Root = "data/";

    /// <summary>The name of a model's configuration beside its batches.</summary>
    public const string ConfigurationName = "model.yaml";

    /// <summary>Characters of <see cref="Name"/> at most.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The whole blob name.</summary>
    public string BlobName => $"{Root}{Model}/{Name}";

    /// <summary>Takes a blob name from outside. A configuration is not a batch.</summary>
    /// <param name="blobName">The name inside the drop container, as it is stored (not URL-encoded).</param>
    /// <param name="path">The path, when true is returned.</param>
    /// <param name="error">What was found and what is expected, when false is returned.</param>
    public static bool TryParse(string? blobName, [NotNullWhen(true)] out BatchPath? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        if (!TrySplit(blobName, out ModelName model, out string? name, out error))
        {
            return false;
        }

        if (name == ConfigurationName)
        {
            error = $"'{Excerpt.Of(blobName)}' is the model's configuration, not a batch.";
            return false;
        }

        return TryCreate(model, name, out path, out error);
    }

    /// <summary>Makes the path of a batch that is to be stored, from the name its sender gave.</summary>
    /// <param name="model">The model whose data it is.</param>
    /// <param name="name">The name from outside.</param>
    /// <param name="path">The path, when true is returned.</param>
    /// <param name="error">What was found and what is expected, when false is returned.</param>
    public static bool TryCreate(ModelName model, string? name, [NotNullWhen(true)] out BatchPath? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = Fault(name);
        if (error is not null)
        {
            return false;
        }

        if (!BatchFormats.TryFromName(name!, out BatchFormat format))
        {
            error = $"The batch name '{Excerpt.Of(name)}' has no known ending; expected one of {BatchFormats.Endings}.";
            return false;
        }

        path = new BatchPath(model, name!, format);
        return true;
    }

    /// <summary>Whether a blob is the configuration of a model: exactly <c>data/{model}/model.yaml</c>.</summary>
    public static bool IsConfiguration(string? blobName, out ModelName model) =>
        TrySplit(blobName, out model, out string? name, out _) && name == ConfigurationName;

    private static bool TrySplit(string? blobName, out ModelName model, [NotNullWhen(true)] out string? name, [NotNullWhen(false)] out string? error)
    {
        model = default;
        name = null;
        int slash = blobName is null || !blobName.StartsWith(Root, StringComparison.Ordinal) ? -1 : blobName.IndexOf('/', Root.Length);
        if (slash < 0)
        {
            error = $"The blob name '{Excerpt.Of(blobName)}' is not of the form data/{{model}}/{{file}}.";
            return false;
        }

        if (!ModelName.TryParse(blobName![Root.Length..slash], out model, out error))
        {
            return false;
        }

        name = blobName[(slash + 1)..];
        return true;
    }

    private static string? Fault(string? name)
    {
        const string Allowed = "1 to 200 of A–Z, a–z, 0–9, '.', '_', '-' and '/' between parts, no part beginning with '.'";
        if (string.IsNullOrEmpty(name))
        {
            return $"The batch name is empty; expected {Allowed}.";
        }

        if (name.Length > MaxNameLength)
        {
            return $"The batch name '{Excerpt.Of(name)}' has {name.Length} characters; expected {Allowed}.";
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '/'))
            {
                return $"The batch name '{Excerpt.Of(name)}' contains {(c is > ' ' and < '\x7F' ? $"'{c}'" : $"the character U+{(int)c:X4}")}; expected {Allowed}.";
            }
        }

        // A part that begins with '.' covers '.', '..' and hidden files; an empty part covers '//' and slashes at either end.
        foreach (Range part in name.AsSpan().Split('/'))
        {
            ReadOnlySpan<char> text = name.AsSpan(part);
            if (text.IsEmpty || text[0] == '.' || text.Contains("..", StringComparison.Ordinal))
            {
                return $"The batch name '{Excerpt.Of(name)}' has the part '{text}'; expected {Allowed} and no '..'.";
            }
        }

        return null;
    }
}
