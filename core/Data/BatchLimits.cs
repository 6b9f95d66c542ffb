namespace Mlops.Core.Data;

/// <summary>Bounds on what a batch may hold. A batch beyond one is refused before it costs memory or time beyond the bound.</summary>
public sealed record BatchLimits
{
    /// <summary>The defaults of every property.</summary>
    public static BatchLimits Default { get; } = new();

    /// <summary>Bytes after decompression. Default 2 GiB.</summary>
    public long MaxBytes { get; init; } = 2L << 30;

    /// <summary>Data rows. Default 5,000,000.</summary>
    public int MaxRows { get; init; } = 5_000_000;

    /// <summary>Columns. Default 2,000.</summary>
    public int MaxColumns { get; init; } = 2_000;

    /// <summary>Rows × columns; 8 bytes of memory each. Default 100,000,000.</summary>
    public long MaxCells { get; init; } = 100_000_000;

    /// <summary>Characters of a column name. Default 256.</summary>
    public int MaxNameLength { get; init; } = 256;

    /// <summary>Characters of one value; a longer one is a problem and becomes missing. Default 32,768.</summary>
    public int MaxFieldLength { get; init; } = 32_768;

    /// <summary>Bytes of one row, quoted line breaks included. Default 1 MiB.</summary>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>Distinct values of one text column; further new ones become missing and the column is a blocking problem. Default 1,000,000.</summary>
    public int MaxDistinctText { get; init; } = 1_000_000;

    /// <summary>UTF-8 bytes of all distinct texts together. Default 256 MiB.</summary>
    public long MaxTextBytes { get; init; } = 256L << 20;

    /// <summary>Rows at the beginning from which kinds are inferred; their text is kept meanwhile. Default 10,000.</summary>
    public int InferenceRows { get; init; } = 10_000;

    /// <summary>Problems told in full; all are counted. Default 200.</summary>
    public int MaxProblems { get; init; } = 200;
}
