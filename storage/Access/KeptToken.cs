using Mlops.Core.Access;

namespace Mlops.Storage.Access;

/// <summary>A token as it is kept: recognised by a salted hash.</summary>
/// <param name="Token">What is known of it.</param>
/// <param name="Salt">The salt.</param>
/// <param name="Hash">SHA-256 over salt and secret.</param>
public sealed record KeptToken(TokenRecord Token, byte[] Salt, byte[] Hash)
{
    /// <summary>Whether somebody shows this token; takes the same time whatever differs.</summary>
    public bool IsShownBy(AccessToken shown)
    {
        ArgumentNullException.ThrowIfNull(shown);
        return shown.Matches(Salt, Hash);
    }
}
