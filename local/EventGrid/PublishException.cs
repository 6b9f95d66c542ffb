namespace Mlops.Local.EventGrid;

/// <summary>A publish request that is refused.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Code of the error body.</param>
/// <param name="message">What was wrong, expected, and what to do.</param>
internal sealed class PublishException(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static PublishException Malformed(string message) => new(400, "BadRequest", message);

    public static PublishException TooLarge(long limitInBytes) =>
        new(413, "RequestEntityTooLarge", $"The request is larger than {limitInBytes} bytes, the most that one event or one array of events may have. Publish fewer events at once, or put large data into a blob and publish its address.");

    public static PublishException Unauthorized(string message) => new(401, "Unauthorized", message);
}
