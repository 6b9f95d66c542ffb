namespace Mlops.Core.Configuration;

/// <summary>What kind of prediction the user asks for.</summary>
public enum TaskChoice
{
    /// <summary>Decided from the target column.</summary>
    Auto,

    /// <summary>Classes: two or more.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,

    /// <summary>How unusual a row is, learned without labels.</summary>
    Anomaly,

    /// <summary>The next values of a series.</summary>
    Forecast,
}
