#nullable enable
using System.Globalization;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>An entity-group transaction as a <c>multipart/mixed</c> body, and the parts of the answer to one.</summary>
internal static class TableBatch
{
    private const string Line = "\r\n";

    /// <summary>The body: one batch with one change set, one HTTP request per write.</summary>
    internal static (string ContentType, byte[] Body) Write(IReadOnlyList<EntityWrite> writes, Func<EntityWrite, string> address, string accept, Guid id)
    {
        using var body = new MemoryStream();
        Text($"--batch_{id}{Line}Content-Type: multipart/mixed; boundary=changeset_{id}{Line}{Line}");
        foreach (var write in writes)
        {
            Text($"--changeset_{id}{Line}Content-Type: application/http{Line}Content-Transfer-Encoding: binary{Line}{Line}");
            Text($"{write.Method} {address(write)} HTTP/1.1{Line}Accept: {accept}{Line}DataServiceVersion: 3.0{Line}");
            if (write.IfMatch is { } ifMatch)
            {
                Text($"If-Match: {ifMatch}{Line}");
            }

            if (write.Action == TableTransactionActionType.Add)
            {
                Text($"Prefer: return-no-content{Line}");
            }

            if (write.HasBody)
            {
                var entity = EntityJson.Write(write.Entity);
                Text($"Content-Type: application/json{Line}Content-Length: {entity.Length.ToString(CultureInfo.InvariantCulture)}{Line}{Line}");
                body.Write(entity);
                Text(Line);
            }
            else
            {
                Text(Line + Line);
            }
        }

        Text($"--changeset_{id}--{Line}--batch_{id}--{Line}");
        return ($"multipart/mixed; boundary=batch_{id}", body.ToArray());

        void Text(string text) => body.Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The responses inside a multipart body, at any depth, in order.</summary>
    /// <exception cref="FormatException">The body is not what its content type says.</exception>
    internal static IReadOnlyList<Response> Read(string contentType, string body)
    {
        var responses = new List<Response>();
        Collect(contentType, body, responses, depth: 0);
        return responses;
    }

    private static void Collect(string contentType, string body, List<Response> responses, int depth)
    {
        if (!contentType.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
        {
            responses.Add(Part(body));
            return;
        }

        // The protocol nests a change set in a batch and nothing deeper.
        var boundary = Boundary(contentType);
        if (boundary is null || depth > 2)
        {
            throw new FormatException($"Transaction response: found content type '{contentType}' at depth {depth}; expected a change set inside a batch.");
        }

        foreach (var part in body.Split("--" + boundary).Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal)))
        {
            var (headers, content) = Head(part.TrimStart('\r', '\n'));
            Collect(headers.FirstOrDefault(h => h.Name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)).Value ?? "", content, responses, depth + 1);
        }
    }

    private static Response Part(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var status = (end < 0 ? text : text[..end]).Trim().Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/", StringComparison.Ordinal) || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException($"Transaction response: found the line '{string.Join(' ', status)}'; expected an HTTP status line.");
        }

        var (headers, content) = Head(end < 0 ? "" : text[(end + 1)..]);
        return new TableBatchResponse(code, status.Length > 2 ? status[2] : "", headers, Encoding.UTF8.GetBytes(content.TrimEnd('\r', '\n')));
    }

    private static (List<(string Name, string Value)> Headers, string Content) Head(string text)
    {
        var headers = new List<(string, string)>();
        var position = 0;
        while (position < text.Length)
        {
            var end = text.IndexOf('\n', position);
            var line = (end < 0 ? text[position..] : text[position..end]).TrimEnd('\r');
            position = end < 0 ? text.Length : end + 1;
            if (line.Length == 0)
            {
                break;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers.Add((line[..colon].Trim(), line[(colon + 1)..].Trim()));
            }
        }

        return (headers, text[position..]);
    }

    private static string? Boundary(string contentType) =>
        contentType.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(p => p.StartsWith("boundary=", StringComparison.OrdinalIgnoreCase))?["boundary=".Length..].Trim('"');
}
