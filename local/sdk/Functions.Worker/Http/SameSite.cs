namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>The <c>SameSite</c> attribute of a cookie.</summary>
public enum SameSite
{
    /// <summary>Not written.</summary>
    None = 0,

    /// <summary><c>Lax</c>.</summary>
    Lax = 1,

    /// <summary><c>Strict</c>.</summary>
    Strict = 2,

    /// <summary><c>None</c>, written.</summary>
    ExplicitNone = 3,
}
