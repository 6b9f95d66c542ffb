using Mlops.Core.Data;

namespace Mlops.Functions;

/// <summary>Reads back the path of a batch that was accepted when it arrived.</summary>
internal static class BatchPaths
{
    /// <exception cref="PipelineException">The path is not one of a batch.</exception>
    public static BatchPath Parse(string blobName) => BatchPath.TryParse(blobName, out BatchPath? path, out string? error) ? path : throw new PipelineException(error);
}
