#nullable enable
using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>The answer to one write of a transaction.</summary>
internal sealed class TableBatchResponse : Response
{
    private readonly List<(string Name, string Value)> _headers;

    internal TableBatchResponse(int status, string reason, List<(string Name, string Value)> headers, byte[] content)
    {
        Status = status;
        ReasonPhrase = reason;
        _headers = headers;
        ContentStream = new MemoryStream(content, 0, content.Length, writable: false, publiclyVisible: true);
        ClientRequestId = TryGetHeader("x-ms-client-request-id", out var id) ? id : "";
    }

    public override int Status { get; }

    public override string ReasonPhrase { get; }

    public override Stream? ContentStream { get; set; }

    public override string ClientRequestId { get; set; }

    public override bool IsError => Status >= 400;

    public override void Dispose() => ContentStream?.Dispose();

    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
    {
        var found = TryGetHeaderValues(name, out var values);
        value = found ? string.Join(',', values!) : null;
        return found;
    }

    protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        var found = _headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).ToList();
        values = found.Count == 0 ? null : found;
        return values is not null;
    }

    protected override bool ContainsHeader(string name) => TryGetHeaderValues(name, out _);

    protected override IEnumerable<HttpHeader> EnumerateHeaders() => _headers.Select(h => new HttpHeader(h.Name, h.Value));
}
