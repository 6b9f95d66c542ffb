namespace Mlops.Storage.Operations;

/// <summary>What one check found.</summary>
/// <param name="Check">The check, for example <c>blob</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What was found, and what it means.</param>
/// <param name="Fix">The command that repairs it, or what to do; null when there is nothing to do.</param>
public sealed record Finding(string Check, FindingSeverity Severity, string Message, string? Fix = null)
{
    internal static Finding Ok(string check, string message) => new(check, FindingSeverity.Ok, message);

    internal static Finding Warning(string check, string message, string fix) => new(check, FindingSeverity.Warning, message, fix);

    internal static Finding Error(string check, string message, string fix) => new(check, FindingSeverity.Error, message, fix);
}

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The platform works, but somebody should look.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Error,
}
