namespace Microsoft.Azure.Functions.Worker;

/// <summary>A client that knows where its host serves the HTTP management API.</summary>
internal interface IManagementEndpoint
{
    /// <summary>The address up to and without <c>/instances</c>; null when the host does not listen.</summary>
    string? BaseUrl { get; }

    /// <summary>The query that every address carries, such as a key; empty for none.</summary>
    string Query { get; }
}
