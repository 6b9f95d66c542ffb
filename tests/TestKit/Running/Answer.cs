using System.Net;
using System.Text.Json;

namespace Mlops.TestKit.Running;

/// <summary>What the platform answered to a request.</summary>
/// <param name="Request">Method and path, for messages.</param>
/// <param name="Status">The status.</param>
/// <param name="Text">The body as text.</param>
public sealed record Answer(string Request, HttpStatusCode Status, string Text)
{
    /// <summary>The body as JSON.</summary>
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>This answer, if it has the status.</summary>
    /// <exception cref="InvalidOperationException">It has another; the message holds the body.</exception>
    public Answer Expect(HttpStatusCode status) =>
        Status == status ? this : throw new InvalidOperationException($"{Request}: found status {(int)Status}, expected {(int)status}. Body: {Text}");
}
