namespace Mlops.Core.Validation;

/// <summary>What becomes of a batch.</summary>
public enum Verdict
{
    /// <summary>Nothing is wrong.</summary>
    Pass,

    /// <summary>It is used; somebody should look.</summary>
    Warn,

    /// <summary>It goes to quarantine and nothing is trained.</summary>
    Block,
}
