namespace Mlops.Storage.Operations;

/// <summary>When a timer or queue function last ran, on any instance.</summary>
/// <param name="Function">The function.</param>
/// <param name="Version">The version of the app that ran it.</param>
/// <param name="LastSuccess">When it last ended well, or null.</param>
/// <param name="LastFailure">When it last failed, or null.</param>
/// <param name="Error">Why it last failed, or null.</param>
/// <param name="DueBy">When a timer should have ended well again at the latest; null for functions that wait for messages.</param>
public sealed record Heartbeat(string Function, string? Version, DateTimeOffset? LastSuccess, DateTimeOffset? LastFailure, string? Error, DateTimeOffset? DueBy);
