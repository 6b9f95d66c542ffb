using System.Text.Json;

namespace Mlops.Infra.Tests.Bicep;

/// <summary>A node of a Bicep syntax tree as tree-sitter sees it, anonymous tokens included.</summary>
/// <param name="Type">Node type of the grammar; an anonymous token's type is its text.</param>
/// <param name="Field">Name of the parent's field that this node is, if any.</param>
internal sealed record SyntaxNode(string File, string Source, string Type, string? Field, int Start, int End, IReadOnlyList<SyntaxNode> Children)
{
    /// <summary>Source text of the node.</summary>
    public string Text => Source[Start..End];

    /// <summary>Where the node begins, for messages: file and one-based line.</summary>
    public string Where => $"{File}:{1 + Source.AsSpan(0, Start).Count('\n')}";

    /// <summary>Children other than punctuation, keywords and comments.</summary>
    public IEnumerable<SyntaxNode> Named => Children.Where(child => child.Type != "comment" && (char.IsLetter(child.Type[0]) && child.Type is not ("param" or "var" or "resource" or "module" or "output" or "existing" or "for" or "in" or "if")));

    /// <summary>The first child of a type, or null.</summary>
    public SyntaxNode? Child(string type) => Children.FirstOrDefault(child => child.Type == type);

    /// <summary>The child in a field.</summary>
    public SyntaxNode InField(string field) =>
        Children.FirstOrDefault(child => child.Field == field) ?? throw new BicepException(this, $"a '{Type}' without its '{field}'");

    /// <summary>This node and all nodes below it, in source order.</summary>
    public IEnumerable<SyntaxNode> All()
    {
        yield return this;
        foreach (var node in Children.SelectMany(child => child.All()))
        {
            yield return node;
        }
    }

    /// <summary>Reads the form that syntax-tree.js writes.</summary>
    public static SyntaxNode FromJson(string file, string source, JsonElement json) => new(
        file,
        source,
        json.GetProperty("t").GetString()!,
        json.TryGetProperty("f", out var field) ? field.GetString() : null,
        json.GetProperty("s").GetInt32(),
        json.GetProperty("e").GetInt32(),
        [.. json.GetProperty("c").EnumerateArray().Select(child => FromJson(file, source, child))]);
}
