namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>A cookie.</summary>
public interface IHttpCookie
{
    /// <summary>Domain it is sent to.</summary>
    string? Domain { get; }

    /// <summary>When it ends.</summary>
    DateTimeOffset? Expires { get; }

    /// <summary>Hidden from scripts.</summary>
    bool? HttpOnly { get; }

    /// <summary>Seconds until it ends.</summary>
    double? MaxAge { get; }

    /// <summary>Name.</summary>
    string Name { get; }

    /// <summary>Path it is sent to.</summary>
    string? Path { get; }

    /// <summary>Whether other sites may send it.</summary>
    SameSite SameSite { get; }

    /// <summary>Sent over TLS only.</summary>
    bool? Secure { get; }

    /// <summary>Value.</summary>
    string Value { get; }
}
