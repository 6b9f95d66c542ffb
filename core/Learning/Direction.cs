namespace Mlops.Core.Learning;

/// <summary>Which way a prediction may move.</summary>
public enum Direction
{
    /// <summary>Never down as the value grows.</summary>
    Increasing,

    /// <summary>Never up as the value grows.</summary>
    Decreasing,
}
