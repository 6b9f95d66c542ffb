namespace Mlops.Storage.Operations.Checks;

/// <summary>Are the settings there, and what they should be? Their values are never shown: some are keys.</summary>
internal sealed class SettingsCheck(Func<string, string?> setting)
{
    /// <summary>The name of the connection to the account of the Functions host.</summary>
    public const string HostConnection = "AzureWebJobsStorage";

    private const string Fix = "azd provision   # sets all of them; on one machine scripts/run.sh does. docs/deployment.md lists them";

    public IReadOnlyList<Finding> Run()
    {
        List<Finding> findings = [];
        Connection(StorageConnection.Name, findings);
        Connection(HostConnection, findings);
        Address("MlopsEvents__topicEndpointUri", required: false, findings);
        if (setting("AZURE_CLIENT_ID") is { Length: > 0 } client && !Guid.TryParse(client, out _))
        {
            findings.Add(Finding.Error("settings", "AZURE_CLIENT_ID is no GUID; expected the client id of the app's identity", Fix));
        }

        return findings.Count > 0 ? findings : [Finding.Ok("settings", "connections, topic and identity are set")];
    }

    private void Connection(string name, List<Finding> findings)
    {
        if (setting(name) is { Length: > 0 })
        {
            return;
        }

        foreach (string service in new[] { "blobServiceUri", "queueServiceUri", "tableServiceUri" })
        {
            Address($"{name}__{service}", required: true, findings);
        }
    }

    private void Address(string name, bool required, List<Finding> findings)
    {
        if (setting(name) is not { Length: > 0 } text)
        {
            if (required)
            {
                findings.Add(Finding.Error("settings", $"{name} is missing", Fix));
            }
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) || !(uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            findings.Add(Finding.Error("settings", $"{name} is no address; expected one with https://", Fix));
        }
    }
}
