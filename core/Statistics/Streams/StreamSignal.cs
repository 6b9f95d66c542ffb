namespace Mlops.Core.Statistics.Streams;

/// <summary>What a detector says after a value.</summary>
public enum StreamSignal
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A change may have begun.</summary>
    Warning,

    /// <summary>A change. The detector starts afresh with the next value.</summary>
    Drift,
}
