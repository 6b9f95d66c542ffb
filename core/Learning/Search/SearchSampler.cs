namespace Mlops.Core.Learning.Search;

/// <summary>Where new settings come from.</summary>
public enum SearchSampler
{
    /// <summary>Evenly at random.</summary>
    Random,

    /// <summary>Tree-structured Parzen estimator: more like the good ones, less like the bad ones (<see cref="TpeSampler"/>).</summary>
    Tpe,
}
