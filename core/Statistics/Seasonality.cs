namespace Mlops.Core.Statistics;

/// <summary>The rhythm that predictions are expected to have.</summary>
public enum Seasonality
{
    /// <summary>None: windows are compared with the training data only.</summary>
    None,

    /// <summary>Days alike: the same hour of other days is usual.</summary>
    Daily,

    /// <summary>Weeks alike: the same weekday and hour of other weeks is usual.</summary>
    Weekly,
}
