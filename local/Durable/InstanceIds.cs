namespace Mlops.Local.Durable;

/// <summary>Which instance ids are allowed.</summary>
internal static class InstanceIds
{
    private const int MaxLength = 256;
    private static readonly char[] s_forbidden = ['/', '\\', '#', '?'];

    /// <exception cref="ArgumentException">The id is not allowed; says why.</exception>
    public static void Validate(string? instanceId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        if (instanceId.Length > MaxLength)
        {
            throw new ArgumentException($"The instance id has {instanceId.Length} characters; at most {MaxLength} are allowed.", nameof(instanceId));
        }

        if (instanceId[0] == '@')
        {
            throw new ArgumentException($"The instance id '{instanceId}' begins with '@', which is kept for entities.", nameof(instanceId));
        }

        if (instanceId.IndexOfAny(s_forbidden) >= 0 || instanceId.Any(char.IsControl))
        {
            throw new ArgumentException($"The instance id '{string.Concat(instanceId.Select(c => char.IsControl(c) ? '\uFFFD' : c))}' has a character that is not allowed: none of / \\ # ? and no control character.", nameof(instanceId));
        }
    }
}
