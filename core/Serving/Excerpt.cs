namespace Mlops.Core.Serving;

/// <summary>What a message repeats of a client's text: short, on one line, without characters that a terminal or a log would obey.</summary>
internal static class Excerpt
{
    private const int MaximumLength = 64;

    /// <summary>The first 64 characters, '…' where more followed, '?' for each control character.</summary>
    public static string Of(string text) =>
        string.Concat((text.Length <= MaximumLength ? text : text[..MaximumLength] + "…").Select(character => char.IsControl(character) ? '?' : character));
}
