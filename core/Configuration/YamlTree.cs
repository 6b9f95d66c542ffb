using Mlops.Core.Data;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mlops.Core.Configuration;

/// <summary>Reads the small part of YAML that a configuration needs, from the parser's events: no anchors, aliases or tags, so that no text can expand or name a type.</summary>
internal sealed class YamlTree
{
    /// <summary>Levels of nesting at most.</summary>
    public const int MaxDepth = 8;

    private readonly Parser _parser;

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>The one document of a text; null when it is empty.</summary>
    /// <exception cref="YamlRefusedException">The text is not YAML, or uses what is not allowed.</exception>
    public static YamlNode? Read(string text)
    {
        YamlTree tree = new(text);
        try
        {
            tree._parser.Consume<StreamStart>();
            if (tree._parser.Accept<StreamEnd>(out _))
            {
                return null;
            }

            tree._parser.Consume<DocumentStart>();
            YamlNode root = tree.ReadNode(1);
            tree._parser.Consume<DocumentEnd>();
            return tree._parser.Accept<DocumentStart>(out DocumentStart? second)
                ? throw new YamlRefusedException(Line(second), "a second document", "one document")
                : root;
        }
        catch (Exception e) when (e is not YamlRefusedException)
        {
            // The parser lets exceptions of other kinds escape for some malformed texts, such as a tag that is no URI.
            int line = e is YamlException { Start.Line: > 0 } located ? (int)located.Start.Line : Math.Max(1, (int)(tree._parser.Current?.End.Line ?? 1));
            throw new YamlRefusedException(line, $"text that is not YAML ({Excerpt.Of(e.Message)})", "YAML such as 'target: churned'");
        }
    }

    private static int Line(ParsingEvent e) => (int)e.Start.Line;

    private YamlNode ReadNode(int depth)
    {
        ParsingEvent current = _parser.Consume<ParsingEvent>();
        int line = Line(current);
        if (depth > MaxDepth)
        {
            throw new YamlRefusedException(line, $"more than {MaxDepth} levels of nesting", $"at most {MaxDepth}");
        }

        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new YamlRefusedException(line, "an anchor or alias (& or *)", "values written out, and text that begins with & or * in quotes");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            throw new YamlRefusedException(line, "a tag (!)", "values without tags, and text that begins with ! in quotes");
        }

        return current switch
        {
            Scalar scalar => new YamlScalar(line, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => ReadList(line, depth),
            MappingStart => ReadMap(line, depth),
            _ => throw new YamlRefusedException(line, "text that is not YAML", "YAML such as 'target: churned'"),
        };
    }

    private YamlList ReadList(int line, int depth)
    {
        List<YamlNode> items = [];
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlList(line, items);
    }

    private YamlMap ReadMap(int line, int depth)
    {
        List<(YamlScalar, YamlNode)> entries = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            YamlNode node = ReadNode(depth + 1);
            if (node is not YamlScalar key)
            {
                throw new YamlRefusedException(node.Line, $"{node.Kind} as a key", "a name as a key");
            }

            if (!keys.Add(key.Text))
            {
                throw new YamlRefusedException(key.Line, $"the key '{Excerpt.Of(key.Text)}' twice", "each key once");
            }

            entries.Add((key, ReadNode(depth + 1)));
        }

        return new YamlMap(line, entries);
    }
}

/// <summary>Ends the reading of a text that is no usable YAML.</summary>
internal sealed class YamlRefusedException(int line, string found, string expected) : Exception(found)
{
    public ConfigurationError Error { get; } = new(line, string.Empty, found, expected);
}
