using Mlops.Core.Access;

namespace Mlops.Storage.Access;

/// <summary>What is known of a token, except how it is recognised.</summary>
public sealed record TokenRecord
{
    /// <summary>Names the token.</summary>
    public required string Id { get; init; }

    /// <summary>What it is for, in its creator's words.</summary>
    public required string Name { get; init; }

    /// <summary>What its bearer may do.</summary>
    public required Role Role { get; init; }

    /// <summary>The models that its bearer reaches, as patterns.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Who created it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>From when on it is worth nothing.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was revoked, or null.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Who revoked it, or null.</summary>
    public string? RevokedBy { get; init; }

    /// <summary>When it was last used, to within a few minutes; null: never.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>Whether it opens anything at <paramref name="now"/>.</summary>
    public bool IsValid(DateTimeOffset now) => Revoked is null && now < Expires;
}
