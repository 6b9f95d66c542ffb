namespace Mlops.Infra.Tests;

/// <summary>What a resource costs while nobody uses the platform.</summary>
internal enum Meter
{
    /// <summary>Free of charge.</summary>
    Nothing,

    /// <summary>Bytes stored, operations, executions, ingested gigabytes: nothing happens, nothing is billed but storage.</summary>
    Usage,

    /// <summary>A fixed price per hour or month for existing.</summary>
    Fixed,
}
