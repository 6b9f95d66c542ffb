namespace Mlops.Core.Configuration;

/// <summary>Tolerances of the data contract. Fractions are of rows, or of the present values of a column.</summary>
public sealed record ValidationOptions
{
    /// <summary>Fewer rows block the batch, 1 … 1,000,000. Default 20.</summary>
    public int MinimumRows { get; init; } = 20;

    /// <summary>Rows that could not be split into columns: more than this fraction blocks, fewer warn, 0 … 1. Default 0.05.</summary>
    public double BadRows { get; init; } = 0.05;

    /// <summary>Values of one column that do not convert to its kind: more than this fraction blocks, fewer warn, 0 … 1. Default 0.05.</summary>
    public double BadValues { get; init; } = 0.05;

    /// <summary>A number further outside the first batch's range than this multiple of the range warns, 0 … 1000. Default 0.25.</summary>
    public double RangeMargin { get; init; } = 0.25;

    /// <summary>A number further outside than this multiple of the range is far outside, 0 … 1,000,000. Default 10.</summary>
    public double FarMargin { get; init; } = 10;

    /// <summary>More than this fraction of a column far outside blocks, 0 … 1. Default 0.01.</summary>
    public double FarValues { get; init; } = 0.01;

    /// <summary>A rise of a column's missing fraction beyond this, and beyond chance, warns, 0 … 1. Default 0.1.</summary>
    public double MissingRise { get; init; } = 0.1;

    /// <summary>A rise of a column's missing fraction beyond this blocks, 0 … 1. Default 0.5.</summary>
    public double MissingBlock { get; init; } = 0.5;

    /// <summary>More than this fraction of a column in unknown categories warns, 0 … 1. Default 0.05.</summary>
    public double NewCategories { get; init; } = 0.05;

    /// <summary>More than this fraction of a column in unknown categories blocks, 0 … 1. Default 0.5.</summary>
    public double NewCategoriesBlock { get; init; } = 0.5;

    /// <summary>A rise of the fraction of rows that repeat an earlier row beyond this warns, 0 … 1. Default 0.1.</summary>
    public double DuplicateRise { get; init; } = 0.1;

    /// <summary>This many times more or fewer rows than in the first batch warn, 1 … 1,000,000. Default 10.</summary>
    public double RowsFactor { get; init; } = 10;
}
