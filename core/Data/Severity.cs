namespace Mlops.Core.Data;

/// <summary>What a problem means for the batch.</summary>
public enum Severity
{
    /// <summary>The batch can be used; somebody should look.</summary>
    Warn,

    /// <summary>The batch must not be trained on.</summary>
    Block,
}
