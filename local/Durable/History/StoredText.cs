namespace Mlops.Local.Durable.History;

/// <summary>A text that lies in a row, or, when it is large, in a blob.</summary>
/// <param name="Inline">The text; null when there is none or when it lies in a blob.</param>
/// <param name="Blob">The blob's name; null when the text is inline.</param>
internal readonly record struct StoredText(string? Inline, string? Blob = null)
{
    public static implicit operator StoredText(string? text) => new(text);
}
