using System.Text.Json.Serialization;

namespace Mlops.Core.Data;

/// <summary>One thing wrong with a batch: where, what was found, what was expected, what to do.</summary>
/// <param name="Row">The data row, 1-based and without the header; null when it concerns more than one row.</param>
/// <param name="Column">The column; null when it concerns the whole row or file.</param>
/// <param name="Found">What was found; text from the data is cut and cleaned.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Severity">What it means for the batch.</param>
public sealed record DataProblem(int? Row, string? Column, string Found, string Expected, string Remedy, Severity Severity)
{
    /// <summary>The line of the file at which the row begins, 1-based; differs from <see cref="Row"/> by the header, empty lines and quoted line breaks.</summary>
    public long? Line { get; init; }

    /// <summary>Where it is, for people: <c>row 12 (line 13), column 'age'</c>.</summary>
    [JsonIgnore]
    public string Where => (Row, Column) switch
    {
        (null, null) => "the file",
        (null, { } column) => $"column '{Excerpt.Of(column)}'",
        ({ } row, null) => $"row {row}{At}",
        ({ } row, { } column) => $"row {row}{At}, column '{Excerpt.Of(column)}'",
    };

    private string At => Line is { } line ? $" (line {line})" : string.Empty;

    /// <inheritdoc/>
    public override string ToString() => $"{char.ToUpperInvariant(Where[0])}{Where[1..]}: found {Found}; expected {Expected}. {Remedy}";
}
