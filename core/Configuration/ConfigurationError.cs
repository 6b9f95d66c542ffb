namespace Mlops.Core.Configuration;

/// <summary>One thing wrong with a <c>model.yaml</c>.</summary>
/// <param name="Line">The line, 1-based.</param>
/// <param name="Key">The key with its section, for example <c>training.folds</c>; empty when it concerns the whole text.</param>
/// <param name="Found">What was found; foreign text is cut and cleaned.</param>
/// <param name="Expected">What was expected, with the closest known key where the key is unknown.</param>
public sealed record ConfigurationError(int Line, string Key, string Found, string Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0
        ? $"model.yaml line {Line}: found {Found}; expected {Expected}."
        : $"model.yaml line {Line}, '{Key}': found {Found}; expected {Expected}.";
}
