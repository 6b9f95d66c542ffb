namespace Mlops.Core.Learning.Search;

/// <summary>How much effort a trial gets.</summary>
public enum SearchSchedule
{
    /// <summary>Every trial the whole budget.</summary>
    Full,

    /// <summary>All start small; the best 1/η of each rung go on with η times the budget (K. Jamieson, A. Talwalkar 2016).</summary>
    SuccessiveHalving,

    /// <summary>Several halvings, from many small starts to few whole ones (L. Li et al., "Hyperband", 2018).</summary>
    Hyperband,
}
