namespace Mlops.Core.Statistics.TwoSample;

/// <summary>What a test looks for.</summary>
public enum Alternative
{
    /// <summary>Any difference.</summary>
    TwoSided,

    /// <summary>The first sample is greater in the sense of the test.</summary>
    Greater,

    /// <summary>The first sample is less in the sense of the test.</summary>
    Less,
}
