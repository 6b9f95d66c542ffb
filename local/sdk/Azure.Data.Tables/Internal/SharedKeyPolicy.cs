#nullable enable
using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Azure.Data.Tables;

/// <summary>Signs each try of a request with the account key by the scheme SharedKeyLite.</summary>
/// <remarks>String to sign: the date in RFC 1123 form, a line feed, the canonicalised resource.
/// Source: "Authorize with Shared Key" of the storage REST reference, Shared Key Lite for the table service.</remarks>
internal sealed class SharedKeyPolicy(TableSharedKeyCredential credential, TimeProvider time) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        var date = time.GetUtcNow().ToString("r", CultureInfo.InvariantCulture);
        message.Request.Headers.SetValue("x-ms-date", date);
        message.Request.Headers.SetValue("Authorization", Authorization(credential, date, message.Request.Uri.ToUri()));
    }

    internal static string Authorization(TableSharedKeyCredential credential, string date, Uri uri) =>
        $"SharedKeyLite {credential.AccountName}:{credential.Sign($"{date}\n{CanonicalizedResource(credential.AccountName, uri)}")}";

    /// <summary>A slash, the account, the path exactly as encoded in the address, and the query's <c>comp</c> only.</summary>
    internal static string CanonicalizedResource(string accountName, Uri uri)
    {
        var comp = uri.Query.TrimStart('?').Split('&').FirstOrDefault(pair => pair.StartsWith("comp=", StringComparison.OrdinalIgnoreCase));
        return $"/{accountName}{uri.AbsolutePath}{(comp is null ? "" : $"?comp={comp["comp=".Length..]}")}";
    }
}
