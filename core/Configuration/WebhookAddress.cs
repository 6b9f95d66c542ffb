using System.Diagnostics.CodeAnalysis;

namespace Mlops.Core.Configuration;

/// <summary>The form of an address that events may be posted to: https, or http on this machine for development. Where it really leads is checked at every connection.</summary>
public static class WebhookAddress
{
    /// <summary>Characters at most.</summary>
    public const int MaxLength = 500;

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && text!.Length <= MaxLength
        && !text.Any(character => char.IsControl(character) || char.IsWhiteSpace(character))
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
        && address.Host.Length > 0
        && address.UserInfo.Length == 0
        && address.Fragment.Length == 0;
}
