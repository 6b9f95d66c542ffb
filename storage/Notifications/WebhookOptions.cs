namespace Mlops.Storage.Notifications;

/// <summary>The app settings of notifications.</summary>
public sealed record WebhookOptions
{
    private const string Prefix = "whsec_";

    /// <summary>The key that notifications are signed with, 24 to 64 bytes; null turns them off. <c>MlopsWebhookSecret</c>: <c>whsec_</c> and the key in base64.</summary>
    public ReadOnlyMemory<byte>? Secret { get; init; }

    /// <summary>Whether notifications may go to this machine, also over http: for development only. <c>MlopsWebhookLoopback</c>, <c>true</c> or absent.</summary>
    public bool AllowsLoopback { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <param name="setting">Reads one setting by name, null when absent.</param>
    /// <exception cref="InvalidOperationException">The secret is not of the form expected.</exception>
    public static WebhookOptions Read(Func<string, string?> setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        return new WebhookOptions { Secret = Key(setting("MlopsWebhookSecret")), AllowsLoopback = setting("MlopsWebhookLoopback") == "true" };
    }

    private static ReadOnlyMemory<byte>? Key(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        byte[] key = new byte[64];
        return text.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Prefix.Length..], key, out int length) && length >= 24
            ? key.AsMemory(0, length)
            : throw new InvalidOperationException("The setting 'MlopsWebhookSecret' is not a secret of webhooks. Expected 'whsec_' followed by 24 to 64 random bytes in base64, for example from: echo whsec_$(openssl rand -base64 32)");
    }
}
