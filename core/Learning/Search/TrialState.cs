namespace Mlops.Core.Learning.Search;

/// <summary>Where a trial stands.</summary>
public enum TrialState
{
    /// <summary>Asked for, not yet told.</summary>
    Running,

    /// <summary>Told.</summary>
    Done,

    /// <summary>Could not be measured; counts as worse than all others.</summary>
    Failed,
}
