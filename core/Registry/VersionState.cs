namespace Mlops.Core.Registry;

/// <summary>Where a model version stands.</summary>
public enum VersionState
{
    /// <summary>Registered, serving nobody.</summary>
    Registered,

    /// <summary>The gate refused it.</summary>
    Rejected,

    /// <summary>Serves a share of the traffic.</summary>
    Canary,

    /// <summary>Serves all traffic but a canary's share.</summary>
    Champion,

    /// <summary>Was champion, or was overtaken before it became one.</summary>
    Archived,

    /// <summary>Was taken out of the traffic because of what it did there.</summary>
    RolledBack,
}
