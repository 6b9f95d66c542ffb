namespace Microsoft.DurableTask.Client;

/// <summary>How to purge.</summary>
/// <param name="Recursive">True purges the instance's sub-orchestrations too.</param>
public record PurgeInstanceOptions(bool Recursive = false);
