namespace Mlops.Core.Configuration;

/// <summary>A value of a <c>model.yaml</c> with the line it begins at.</summary>
internal abstract record YamlNode(int Line)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}

/// <summary>A scalar.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsPlain">Whether it stands without quotes, so that it may be a number, true, false or null.</param>
internal sealed record YamlScalar(int Line, string Text, bool IsPlain) : YamlNode(Line)
{
    /// <summary>Whether it is absent in YAML's sense.</summary>
    public bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public override string Kind => "a single value";
}

/// <summary>A list.</summary>
internal sealed record YamlList(int Line, IReadOnlyList<YamlNode> Items) : YamlNode(Line)
{
    public override string Kind => "a list";
}

/// <summary>A mapping, in the order of the text; keys are distinct.</summary>
internal sealed record YamlMap(int Line, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Line)
{
    public override string Kind => "keys and values";
}
