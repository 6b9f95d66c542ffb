using System.Security.Cryptography;
using System.Text;

namespace Mlops.Storage.Pipelines;

/// <summary>Ids of pipelines: the same cause names the same pipeline, however often it is told.</summary>
public static class PipelineId
{
    /// <summary>The id of the pipeline that <paramref name="origin"/> causes for a model.</summary>
    public static string Of(string model, string origin) => $"{model}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)))[..16]}";

    /// <summary>The id of the pipeline for one version of a file.</summary>
    public static string OfFile(string model, string blobName, string etag) => Of(model, $"{blobName}\n{etag}");
}
