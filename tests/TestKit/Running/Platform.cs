using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Mlops.Azurite;
using Xunit;

namespace Mlops.TestKit.Running;

/// <summary>The platform as its users see it: HTTP and storage. Tests against it know no host.</summary>
/// <remarks>With <c>MLOPS_BASE_URL</c> and <c>MLOPS_STORAGE</c> (and an admin's <c>MLOPS_TOKEN</c> where callers are asked who they are) it is a running instance: the real
/// Functions host, or Azure. Without them it is the embedded host, started here on an Azurite in memory, with authentication on: tests speak as an admin.
/// Register it with <c>[assembly: AssemblyFixture(typeof(Platform))]</c>, or start one of your own to kill it.</remarks>
public sealed class Platform : IAsyncLifetime
{
    /// <summary>The environment variable with the address of a running instance.</summary>
    public const string BaseUrlVariable = "MLOPS_BASE_URL";

    private const string StorageVariable = "MLOPS_STORAGE";
    private const string TokenVariable = "MLOPS_TOKEN";
    private const string Drop = "drop";
    private const string BlobEvents = "blob-events";
    private static readonly TimeSpan s_pipelineTimeout = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_driftPatience = TimeSpan.FromSeconds(20);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private IReadOnlyDictionary<string, string> _settings = Settings;
    private AzuriteProcess? _azurite;

    /// <summary>App settings of hosts that tests start: the drift timer once a year, because tests fire it themselves, as many requests as tests like, and notifications to this machine.</summary>
    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["MlopsDriftSchedule"] = "0 0 0 1 1 *",
        ["MlopsRequestsPerSecond"] = "100000",
        ["MlopsAnonymousRequestsPerSecond"] = "100000",
        ["MlopsWebhookSecret"] = "whsec_bm90IGEgc2VjcmV0LCBhIHRlc3Qga2V5",
        ["MlopsWebhookLoopback"] = "true",
    };

    /// <summary>Whether the tests run against an instance that they did not start.</summary>
    public static bool IsExternal => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(BaseUrlVariable));

    /// <summary>The embedded host, where the tests started it.</summary>
    public HostProcess Host => LocalHost ?? throw new InvalidOperationException($"There is no process: {BaseUrlVariable} points to a running instance. Mark the test with [ProcessFact].");

    /// <summary>The storage account that the platform works on.</summary>
    public string Storage { get; private set; } = "";

    /// <summary>The address of the platform.</summary>
    public Uri BaseUrl => _http.BaseAddress!;

    /// <summary>The token with which tests speak; empty where nobody is asked.</summary>
    public string AdminToken { get; private set; } = "";

    private HostProcess? LocalHost { get; set; }

    /// <summary>A platform for one test alone, to kill it or to give it settings of its own.</summary>
    public static async Task<Platform> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var platform = new Platform { _settings = Settings.Concat(settings ?? new Dictionary<string, string>()).GroupBy(setting => setting.Key).ToDictionary(group => group.Key, group => group.Last().Value) };
        await platform.InitializeAsync();
        return platform;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        if (IsExternal)
        {
            _http.BaseAddress = new Uri(Environment.GetEnvironmentVariable(BaseUrlVariable)!);
            Storage = Environment.GetEnvironmentVariable(StorageVariable)
                ?? throw new InvalidOperationException($"{BaseUrlVariable} is set and {StorageVariable} is not; expected the connection string of the instance's data account.");
            SpeakAs(Environment.GetEnvironmentVariable(TokenVariable) ?? "");
            return;
        }

        _azurite = await AzuriteProcess.StartAsync();
        Storage = _azurite.ConnectionString;

        LocalHost = await HostProcess.StartAsync(Storage, authentication: true, settings: _settings);
        _http.BaseAddress = LocalHost.BaseUrl;
        _http.DefaultRequestHeaders.Add("x-functions-key", LocalHost.MasterKey);
        SpeakAs((await PostAsync("/api/tokens/by-key", new { name = "tests", role = "admin" })).Expect(HttpStatusCode.Created).Json.GetProperty("secret").GetString()!);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (LocalHost is not null)
        {
            await LocalHost.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }
    }

    /// <summary>Sends a request; any status is an answer.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        try
        {
            using var response = await _http.SendAsync(request);
            return new Answer($"{method} {path}", response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException e) when (LocalHost is not null)
        {
            throw new InvalidOperationException($"{method} {path}: {e.Message} {Tail()}", e);
        }
    }

    /// <summary>GET.</summary>
    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    /// <summary>POST with a JSON body.</summary>
    public Task<Answer> PostAsync(string path, object? body = null) => SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body));

    /// <summary>Puts a file into the drop zone, as a user of the storage account does. Storage tells the platform of it.</summary>
    public Task DropAsync(string model, string name, string content) => DropAsync(model, name, BinaryData.FromString(content));

    /// <inheritdoc cref="DropAsync(string, string, string)"/>
    public async Task DropAsync(string model, string name, BinaryData content) =>
        await new BlobContainerClient(Storage, Drop).GetBlobClient($"data/{model}/{name}").UploadAsync(content, overwrite: true);

    /// <summary>Posts a file over HTTP, for users without access to storage.</summary>
    public Task<Answer> UploadAsync(string model, string name, string content) =>
        SendAsync(HttpMethod.Post, $"/api/data/{Uri.EscapeDataString(model)}?name={Uri.EscapeDataString(name)}", new StringContent(content, Encoding.UTF8, "text/csv"));

    /// <summary>Tells the platform that a file was written, once more than storage does: Event Grid delivers at least once.</summary>
    public async Task TellAgainAsync(string model, string name, int times)
    {
        var queue = new QueueClient(Storage, BlobEvents, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        var told = JsonSerializer.Serialize(new
        {
            id = Guid.NewGuid(),
            topic = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a",
            subject = $"/blobServices/default/containers/{Drop}/blobs/data/{model}/{name}",
            eventType = "Microsoft.Storage.BlobCreated",
            eventTime = "2026-01-01T00:00:00Z",
            dataVersion = "",
            metadataVersion = "1",
            data = new { api = "PutBlob", blobType = "BlockBlob", url = $"https://a.blob.core.windows.net/{Drop}/data/{model}/{name}" },
        });
        await Task.WhenAll(Enumerable.Range(0, times).Select(_ => queue.SendMessageAsync(told)));
    }

    /// <summary>How many events of written files wait or are being handled.</summary>
    public async Task<int> WaitingEventsAsync() =>
        (await new QueueClient(Storage, BlobEvents).GetPropertiesAsync()).Value.ApproximateMessagesCount;

    /// <summary>Runs a function by hand, through the admin route of every Functions host.</summary>
    public async Task FireAsync(string function, string input = "") =>
        (await PostAsync($"/admin/functions/{function}", new { input })).Expect(HttpStatusCode.Accepted);

    /// <summary>Has all models checked for drift until there is a report on one that is wanted.</summary>
    /// <returns>The report's id.</returns>
    public async Task<string> DriftAsync(string model, Func<JsonElement, bool> wanted)
    {
        var before = "";
        var since = new Stopwatch();
        return await Eventually.GetAsync(
            $"the wanted drift report on model '{model}'",
            async () =>
            {
                JsonElement[] reports = [.. (await GetAsync($"/api/models/{model}/drift")).Expect(HttpStatusCode.OK).Json.EnumerateArray()];
                if (reports.FirstOrDefault(wanted) is { ValueKind: JsonValueKind.Object } report)
                {
                    return report.GetProperty("id").GetString();
                }

                // A check looks at every model of every test: the next begins when this one has come to the model, or has failed there.
                var newest = reports.Length == 0 ? "" : reports[0].GetProperty("id").GetString()!;
                if (!since.IsRunning || newest != before || since.Elapsed > s_driftPatience)
                {
                    (before, since) = (newest, Stopwatch.StartNew());
                    await FireAsync("DriftTimer");
                }

                return null;
            },
            s_pipelineTimeout,
            Tail);
    }

    /// <summary>A model as <c>GET /api/models/{name}</c> shows it, or null while it is not known.</summary>
    public async Task<JsonElement?> FindModelAsync(string model)
    {
        var answer = await GetAsync($"/api/models/{model}");
        return answer.Status == HttpStatusCode.NotFound ? null : answer.Expect(HttpStatusCode.OK).Json;
    }

    /// <summary>Waits until the pipeline that a file started has ended, and answers it as <c>GET /api/pipelines/{id}</c> shows it.</summary>
    public async Task<JsonElement> PipelineOfAsync(string model, string file)
    {
        var attempts = 0;
        var id = await Eventually.GetAsync(
            $"a pipeline of model '{model}' starts on '{file}'",
            async () =>
            {
                // A host without Event Grid learns of files only from the timer that looks for them.
                if (IsExternal && attempts++ % 25 == 0)
                {
                    await FireAsync("ReconcileArrivals");
                }

                return await FindModelAsync(model) is { } found
                    ? found.GetProperty("pipelines").EnumerateArray().FirstOrDefault(p => p.GetProperty("source").GetString() == $"data/{model}/{file}") is { ValueKind: JsonValueKind.Object } pipeline
                        ? pipeline.GetProperty("id").GetString()
                        : null
                    : null;
            },
            s_pipelineTimeout,
            Tail);
        return await PipelineAsync(id);
    }

    /// <summary>Waits until a pipeline has ended.</summary>
    public async Task<JsonElement> PipelineAsync(string id)
    {
        var answer = await Eventually.GetAsync(
            $"pipeline '{id}' ends",
            async () => await GetAsync($"/api/pipelines/{id}") is { Status: HttpStatusCode.OK } found && found.Json.GetProperty("status").GetString() != "running" ? found : null,
            s_pipelineTimeout,
            Tail);
        return answer.Json;
    }

    /// <summary>Waits until a version is the champion.</summary>
    public Task ChampionAsync(string model, int version) => Eventually.HoldsAsync(
        $"version {version} of model '{model}' is the champion",
        async () => await FindModelAsync(model) is { } found && found.GetProperty("aliases").TryGetProperty("champion", out var champion) && champion.GetInt32() == version,
        s_pipelineTimeout,
        Tail);

    /// <summary>Asks for predictions.</summary>
    public Task<Answer> PredictAsync(string model, IEnumerable<object> rows, string? key = null) => PostAsync($"/api/models/{model}/predict", new { rows, key });

    private void SpeakAs(string token)
    {
        AdminToken = token;
        if (token.Length > 0)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    private string Tail() => LocalHost is null ? "" : $"The host's log ends: {LocalHost.Tail()}";
}
