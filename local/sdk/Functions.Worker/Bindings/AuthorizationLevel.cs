namespace Microsoft.Azure.Functions.Worker;

/// <summary>The key a caller must show. <see cref="Function"/>: the function's, the host's or the master key; <see cref="Admin"/>: the master key.</summary>
public enum AuthorizationLevel
{
    /// <summary>No key.</summary>
    Anonymous = 0,

    /// <summary>A signed-in user; the host treats it as <see cref="Anonymous"/>.</summary>
    User = 1,

    /// <summary>The function's own key, the host's key or the master key.</summary>
    Function = 2,

    /// <summary>A system key (webhooks of extensions) or the master key.</summary>
    System = 3,

    /// <summary>The master key.</summary>
    Admin = 4,
}
