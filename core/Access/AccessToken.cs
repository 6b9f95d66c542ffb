using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Mlops.Core.Access;

/// <summary>
/// An API token, <c>mlops_{id}_{secret}</c>: 64 bits that name it and 256 random bits that prove it. The beginning lets scanners of
/// repositories and logs recognise a token that lies where it should not.
/// </summary>
/// <remarks>
/// Kept is a SHA-256 hash with salt, not the secret. A slow hash such as PBKDF2 protects passwords because people choose guessable ones; among
/// 2²⁵⁶ equally likely secrets there is nothing to guess, and a slow hash would only make every request slow.
/// The class has no textual form of its own, so that no log line or exception carries one by accident; ask for <see cref="Reveal"/>.
/// </remarks>
public sealed class AccessToken
{
    /// <summary>Bytes of the id.</summary>
    public const int IdBytes = 8;

    /// <summary>Bytes of the secret.</summary>
    public const int SecretBytes = 32;

    private const string Prefix = "mlops_";
    private const int IdLength = IdBytes * 2;
    private const int SecretLength = 43;
    private readonly byte[] _secret;

    private AccessToken(string id, byte[] secret)
    {
        Id = id;
        _secret = secret;
    }

    /// <summary>Names the token: 16 lower-case hexadecimal digits. No secret.</summary>
    public string Id { get; }

    /// <summary>A token of these random bytes.</summary>
    /// <param name="random"><see cref="IdBytes"/> + <see cref="SecretBytes"/> bytes from a cryptographic source.</param>
    public static AccessToken Of(ReadOnlySpan<byte> random)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, IdBytes + SecretBytes, nameof(random));
        return new AccessToken(Convert.ToHexStringLower(random[..IdBytes]), random[IdBytes..].ToArray());
    }

    /// <summary>Reads a token that somebody shows; false for anything else.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out AccessToken? token)
    {
        token = null;
        if (text is null || text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length + IdLength] != '_')
        {
            return false;
        }

        ReadOnlySpan<char> id = text.AsSpan(Prefix.Length, IdLength);
        byte[] secret = new byte[SecretBytes];
        if (id.ContainsAnyExcept("0123456789abcdef") || Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length + IdLength + 1), secret, out _, out int written) != OperationStatus.Done || written != SecretBytes)
        {
            return false;
        }

        token = new AccessToken(id.ToString(), secret);
        return true;
    }

    /// <summary>The token as its owner needs it. Show it once, to its owner.</summary>
    public string Reveal() => $"{Prefix}{Id}_{Base64Url.EncodeToString(_secret)}";

    /// <summary>What is kept of the secret.</summary>
    /// <param name="salt">Random bytes of this token.</param>
    public byte[] Hash(ReadOnlySpan<byte> salt) => SHA256.HashData([.. salt, .. _secret]);

    /// <summary>Whether this is the token of which <paramref name="hash"/> was kept; takes the same time whatever differs.</summary>
    public bool Matches(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash) => CryptographicOperations.FixedTimeEquals(Hash(salt), hash);
}
