namespace Mlops.Local.Hosting;

/// <summary>host.json's <c>extensions.blobs</c>.</summary>
/// <param name="MaxDegreeOfParallelism">Blobs of one function processed at the same time.</param>
/// <param name="PoisonBlobThreshold">Tries before a message about the blob goes to <c>webjobs-blobtrigger-poison</c>.</param>
internal sealed record BlobSettings(int MaxDegreeOfParallelism, int PoisonBlobThreshold);
