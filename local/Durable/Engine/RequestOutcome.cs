namespace Mlops.Local.Durable.Engine;

/// <summary>What has become of a request.</summary>
internal enum RequestOutcome
{
    /// <summary>Its effect is stored.</summary>
    Done,

    /// <summary>There is no such instance.</summary>
    NotFound,

    /// <summary>The instance has ended.</summary>
    Ended,

    /// <summary>The instance is in a status that does not allow the request.</summary>
    Refused,
}
