namespace Mlops.Core.Data;

/// <summary>File name endings of the batch formats.</summary>
public static class BatchFormats
{
    private static readonly (string Ending, BatchFormat Format)[] _endings =
    [
        (".csv", BatchFormat.Csv),
        (".csv.gz", BatchFormat.CsvGzip),
        (".jsonl", BatchFormat.JsonLines),
        (".ndjson", BatchFormat.JsonLines),
        (".jsonl.gz", BatchFormat.JsonLinesGzip),
        (".ndjson.gz", BatchFormat.JsonLinesGzip),
    ];

    /// <summary>The endings for messages: <c>.csv, .csv.gz, …</c>.</summary>
    public static string Endings { get; } = string.Join(", ", _endings.Select(e => e.Ending));

    /// <summary>The format that a file name's ending says, in any letter case.</summary>
    public static bool TryFromName(string fileName, out BatchFormat format)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        foreach ((string ending, BatchFormat candidate) in _endings)
        {
            if (fileName.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                format = candidate;
                return true;
            }
        }

        format = default;
        return false;
    }

    /// <summary>Whether the bytes are inside gzip.</summary>
    public static bool IsGzip(this BatchFormat format) => format is BatchFormat.CsvGzip or BatchFormat.JsonLinesGzip;

    /// <summary>Whether the content is JSON lines.</summary>
    public static bool IsJson(this BatchFormat format) => format is BatchFormat.JsonLines or BatchFormat.JsonLinesGzip;
}
