namespace Mlops.Core.Access;

/// <summary>What a caller may do. The roles are one ladder: each may do what those before it may.</summary>
public enum Role
{
    /// <summary>Nothing is asked of the caller: probes of health.</summary>
    None = 0,

    /// <summary>Looks: models, versions, ledger, lineage, pipelines, runs, reports.</summary>
    Reader = 1,

    /// <summary>Asks for predictions and explanations, and sends the labels that come true.</summary>
    Predictor = 2,

    /// <summary>Brings data and runs, and asks for training.</summary>
    Contributor = 3,

    /// <summary>Changes which version serves.</summary>
    Approver = 4,

    /// <summary>Gives and takes away access.</summary>
    Admin = 5,
}
