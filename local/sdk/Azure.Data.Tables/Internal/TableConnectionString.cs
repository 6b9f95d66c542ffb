#nullable enable
namespace Azure.Data.Tables;

/// <summary>The table endpoint and credential of a storage connection string.</summary>
/// <remarks>Understands <c>UseDevelopmentStorage</c> (with <c>DevelopmentStorageProxyUri</c>), <c>TableEndpoint</c>, <c>AccountName</c>, <c>AccountKey</c>,
/// <c>SharedAccessSignature</c>, <c>DefaultEndpointsProtocol</c> and <c>EndpointSuffix</c>; settings of other services are passed over.</remarks>
internal sealed record TableConnectionString(Uri Endpoint, TableSharedKeyCredential? Key, string? Sas)
{
    private const string DevelopmentAccount = "devstoreaccount1";

    // The emulator's account key is public: it is the same on every machine.
    private const string DevelopmentKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Reads a connection string.</summary>
    /// <exception cref="FormatException">It has a part without '=', the same setting twice, no account and no endpoint, or a key that is not base64. The message holds no secret.</exception>
    internal static TableConnectionString Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        var settings = Settings(connectionString);
        if (settings.TryGetValue("UseDevelopmentStorage", out var development) && bool.TryParse(development, out var use) && use)
        {
            var proxy = settings.TryGetValue("DevelopmentStorageProxyUri", out var host) ? new UriBuilder(host).Host : "127.0.0.1";
            return new TableConnectionString(new Uri($"http://{proxy}:10002/{DevelopmentAccount}"), new TableSharedKeyCredential(DevelopmentAccount, DevelopmentKey), null);
        }

        var account = settings.GetValueOrDefault("AccountName");
        var sas = settings.GetValueOrDefault("SharedAccessSignature")?.TrimStart('?');
        var key = account is not null && settings.TryGetValue("AccountKey", out var secret) ? Credential(account, secret) : null;
        return new TableConnectionString(EndpointOf(settings, account), key, key is null ? sas : null);
    }

    private static Uri EndpointOf(Dictionary<string, string> settings, string? account)
    {
        if (settings.TryGetValue("TableEndpoint", out var text))
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var endpoint)
                ? endpoint
                : throw new FormatException("Connection string: 'TableEndpoint' is not an absolute address; expected one like 'https://account.table.core.windows.net'.");
        }

        return account is null
            ? throw new FormatException("Connection string: found neither 'TableEndpoint' nor 'AccountName'; expected one of them, or 'UseDevelopmentStorage=true' for Azurite.")
            : new Uri($"{settings.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.table.{settings.GetValueOrDefault("EndpointSuffix", "core.windows.net")}");
    }

    private static Dictionary<string, string> Settings(string connectionString)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new FormatException("Connection string: found a part without '='; expected 'name=value' pairs with ';' between them.");
            }

            if (!settings.TryAdd(part[..equals], part[(equals + 1)..]))
            {
                throw new FormatException($"Connection string: '{part[..equals]}' is there twice; expected each setting once.");
            }
        }

        return settings;
    }

    private static TableSharedKeyCredential Credential(string account, string key)
    {
        try
        {
            return new TableSharedKeyCredential(account, key);
        }
        catch (FormatException)
        {
            throw new FormatException("Connection string: 'AccountKey' is not base64; copy the key again from the account's access keys.");
        }
    }
}
