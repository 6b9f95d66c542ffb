namespace Mlops.Core.Access;

/// <summary>Who asks, and what for.</summary>
/// <param name="Name">How ledgers and audits name the caller: at most 200 printable characters.</param>
/// <param name="Role">The caller's role.</param>
/// <param name="Models">The models that the caller reaches.</param>
public sealed record Caller(string Name, Role Role, ModelScope Models)
{
    /// <summary>Whoever sits at the machine, where authentication is off.</summary>
    public static Caller Local { get; } = new("local", Role.Admin, ModelScope.All);

    /// <summary>Somebody who showed nothing, at a route that asks for nothing.</summary>
    public static Caller Anonymous { get; } = new("anonymous", Role.None, ModelScope.All);

    /// <summary>Whether the caller reaches a model.</summary>
    public bool Reaches(string model) => Models.Allows(model);
}
