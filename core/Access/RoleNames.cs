namespace Mlops.Core.Access;

/// <summary>The roles as they are written: <c>reader</c>, <c>predictor</c>, <c>contributor</c>, <c>approver</c>, <c>admin</c>.</summary>
public static class RoleNames
{
    /// <summary>The names that can be given, least first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Role>().Where(role => role != Role.None).Select(Of)];

    /// <summary>The name of a role.</summary>
    public static string Of(Role role) => role.ToString().ToLowerInvariant();

    /// <summary>Reads a name, as it is written; false for anything else, also for <c>none</c>.</summary>
    public static bool TryParse(string? text, out Role role)
    {
        role = Role.None;
        return text is not null && All.Contains(text) && Enum.TryParse(text, ignoreCase: true, out role);
    }
}
