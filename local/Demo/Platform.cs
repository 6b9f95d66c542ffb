using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;

namespace Mlops.Demo;

/// <summary>What a user has: a storage container to drop files into, and HTTP.</summary>
internal sealed class Platform(Uri baseUrl, string storage) : IDisposable
{
    private readonly HttpClient _http = Client(baseUrl);
    private readonly BlobContainerClient _drop = new(storage, "drop");

    public Uri BaseUrl => baseUrl;

    public async Task DropAsync(string name, string content, CancellationToken cancellationToken) =>
        await _drop.GetBlobClient(name).UploadAsync(new BinaryData(Encoding.UTF8.GetBytes(content)), overwrite: true, cancellationToken);

    /// <summary>The JSON at a path, or null when it is not there (yet).</summary>
    public async Task<JsonNode?> FindAsync(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken) : null;
    }

    public async Task<JsonNode?> PostAsync(string path, JsonNode body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _http.PostAsJsonAsync(path, body, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? text.Length == 0 ? null : JsonNode.Parse(text)
            : throw new DemoFailedException($"POST {path} answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>Looks at a path until it shows what is waited for.</summary>
    public async Task<JsonNode> WaitAsync(string path, Func<JsonNode, bool> until, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await FindAsync(path, cancellationToken) is { } found && until(found))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Client(Uri baseUrl)
    {
        HttpClient client = new() { BaseAddress = baseUrl };
        if (Environment.GetEnvironmentVariable("MLOPS_TOKEN") is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return client;
    }
}
