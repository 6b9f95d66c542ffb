namespace Mlops.Core.Configuration;

/// <summary>Which batches a model is trained on.</summary>
public enum DataScope
{
    /// <summary>All accepted batches of the model.</summary>
    All,

    /// <summary>Only the newest accepted batch.</summary>
    Newest,
}
