namespace Mlops.Core.Data;

/// <summary>How a batch is written.</summary>
public enum BatchFormat
{
    /// <summary>RFC 4180 with a header line, UTF-8.</summary>
    Csv,

    /// <summary><see cref="Csv"/> inside gzip.</summary>
    CsvGzip,

    /// <summary>One flat JSON object per line, UTF-8.</summary>
    JsonLines,

    /// <summary><see cref="JsonLines"/> inside gzip.</summary>
    JsonLinesGzip,
}
