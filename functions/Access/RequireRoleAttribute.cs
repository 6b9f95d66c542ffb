using Mlops.Core.Access;

namespace Mlops.Functions.Access;

/// <summary>
/// The role that a caller of an HTTP function needs; enforced before the function runs. Every HTTP function carries one, those that ask for
/// nothing <see cref="Role.None"/>.
/// </summary>
/// <param name="role">The least role.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequireRoleAttribute(Role role) : Attribute
{
    /// <summary>The least role.</summary>
    public Role Role { get; } = role;

    /// <summary>
    /// Whether the function itself keeps to the caller's models. False by default: the model is the route's <c>{name}</c> or <c>{model}</c>
    /// and is checked before the function runs; callers who are limited to some models are refused where the route names none.
    /// </summary>
    public bool ChecksModels { get; init; }
}
