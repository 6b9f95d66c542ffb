namespace Mlops.Core.Configuration;

/// <summary>Where the settings of candidates come from.</summary>
public enum SearchMethod
{
    /// <summary>From the list of candidates; nothing is searched.</summary>
    None,

    /// <summary>Evenly at random.</summary>
    Random,

    /// <summary>Tree-structured Parzen estimator: more like what has been good so far.</summary>
    Tpe,
}
