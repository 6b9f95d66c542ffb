using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Mlops.Storage;
using Mlops.Storage.Operations;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Every route of the app, as its sources declare them, is sent what nobody should send. It answers with a problem and keeps nothing.</summary>
public sealed partial class HostileRequestTests : IAsyncLifetime
{
    // Percent-encoded as they go over the wire.
    private static readonly string[] _names =
    [
        "..%2f..%2fetc%2fpasswd", "..%5c..%5cwindows", "%2e%2e%2fx", "%252e%252e%252f", "a%2f..%2fb", "%2fetc%2fpasswd", "C%3a%5cx", "%5c%5chost%5cshare", "file%3a%2f%2f%2fx", "http%3a%2f%2f127.0.0.1%2f",
        "a%00b.csv", "a%0d%0aX-Injected%3a%201", "%07", "%7f", "%FF", "%C0%AE%C0%AE", "%ED%A0%80", "%F0%9F%98%80", "%EF%BC%8E%EF%BC%8E", "%E2%80%AEvsc.x", "%E2%80%8B",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "%22%3E%3Cimg%20src%3Dx%3E", "'%20or%20PartitionKey%20ne%20'", "$filter", "%7B0%7D", "%25s%25n", "%3D1%2B1", "%20", "-", "-models", "_", "~", "a.", ".a", "UPPER",
        "-1", "+1", "NaN", new string('a', 300), new string('a', 3_000),
    ];

    private static readonly string[] _bodies =
    [
        "", "not json", "null", "7", "[]", "{}", "[", "{\"rows\":", "{\"rows\":[{}]", "{\"rows\":[],\"rows\":[]}", "{\"rows\":[{\"a\":NaN}]}", "{\"rows\":[{\"a\":Infinity}]}", "{\"rows\":[{\"a\":1e999999}]}", "{\"key\":\"\\ud800\"}",
        "{\"labels\":[{\"id\":\"\\u0000\",\"label\":\"x\"}]}", "{\"inputs\":[{\"name\":\"a\",\"shape\":[-1],\"datatype\":\"FP32\",\"data\":[1]}]}", "{\"inputs\":[{\"name\":\"a\",\"shape\":[99999999999999999999],\"data\":[]}]}",
        "{\"toVersion\":-1}", "{\"toVersion\":99999999999999999999}", "{\"toVersion\":\"1\"}", "{\"reason\":7}", "{\"cancellationToken\":\"x\",\"request\":\"x\",\"client\":\"x\"}", "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>",
        new string('[', 100_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)),
    ];

    private Platform _platform = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = Platform.IsExternal ? new Platform() : await Platform.StartAsync();
        if (Platform.IsExternal)
        {
            await _platform.InitializeAsync();
        }

        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromMinutes(1) };
        if (_platform.AdminToken.Length > 0)
        {
            // Who may do everything gets furthest.
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _platform.AdminToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _platform.DisposeAsync();
    }

    [ProcessFact]
    public async Task AnyRoute_WithAHostileName_IsRefused_AndNothingIsKept()
    {
        await RunTimersAsync();
        IReadOnlySet<string> before = await KeptAsync();
        List<string> wrong = [];
        int sent = 0;
        foreach ((string method, string route) in Routes())
        {
            foreach (Match parameter in Parameter().Matches(route))
            {
                foreach (string name in _names)
                {
                    string path = "/" + Parameter().Replace(route, match => match.Value == parameter.Value ? name : "x");
                    (HttpStatusCode status, string problem) = await SendAsync(method, path, "{}");
                    sent++;
                    if (Fault(status, problem) is { } fault)
                    {
                        wrong.Add($"{method} {path}: {fault}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.InRange(sent, 500, int.MaxValue);
        Assert.Equal(before, await KeptAsync());
    }

    [ProcessFact]
    public async Task AnyRouteThatTakesABody_WithAHostileOne_DoesNotFail_AndNothingIsKept()
    {
        await RunTimersAsync();
        IReadOnlySet<string> before = await KeptAsync(metered: false);
        List<string> wrong = [];
        foreach ((string method, string route) in Routes().Where(route => route.Method != "get" && !route.Path.Contains("api/data/", StringComparison.Ordinal)))
        {
            string path = "/" + Parameter().Replace(route, "unknown");
            foreach (string body in _bodies)
            {
                (HttpStatusCode status, string problem) = await SendAsync(method, path, body);

                // A question may be answered all the same (an empty model.yaml is one): what counts is that nothing is kept.
                if ((int)status >= 300 && Fault(status, problem) is { } fault)
                {
                    wrong.Add($"{method} {path} with {body[..Math.Min(40, body.Length)]}: {fault}");
                }
            }

            // What says gzip may be anything: it is not opened. (Where the host asks for its own key, it refuses first.)
            (HttpStatusCode packed, _) = await SendAsync(method, path, "{}", content => content.Headers.ContentEncoding.Add("gzip"));
            if (packed is not (HttpStatusCode.UnsupportedMediaType or HttpStatusCode.Unauthorized))
            {
                wrong.Add($"{method} {path} with Content-Encoding: gzip: {(int)packed}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.Equal(before, await KeptAsync(metered: false));
    }

    [ProcessFact]
    public async Task AnyRoute_WithAHostileQueryOrHeader_DoesNotFail()
    {
        List<string> wrong = [];
        foreach ((string method, string route) in Routes())
        {
            string path = "/" + Parameter().Replace(route, "unknown");
            foreach (string query in (string[])["?limit=-1&max_results=99999999999999999999&page_token=%00%FF&format=%3Cscript%3E", "?name=..%2fx.csv", "?name=a.csv&name=b.csv", "?" + new string('a', 7_000), "?" + new string('a', 20_000), "?" + string.Join('&', Enumerable.Range(0, 200).Select(i => $"p{i}")), "?%=&&&==%zz", "?cancellationToken=x&request=x&client=x"])
            {
                (HttpStatusCode status, string problem) = await SendAsync(method, path + query, "{}");
                if ((int)status >= 500)
                {
                    wrong.Add($"{method} {path}{query[..Math.Min(30, query.Length)]}: {(int)status} {problem}");
                }
            }

            (HttpStatusCode headed, _) = await SendAsync(method, path, "{}", content => content.Headers.TryAddWithoutValidation("X-Long", new string('a', 40_000)));
            if ((int)headed is < 400 or >= 500)
            {
                wrong.Add($"{method} {path} with a header of 40,000 characters: {(int)headed}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
    }

    [ProcessFact]
    public async Task AModelThatNobodyKnows_IsNotFound_OnEveryRoute()
    {
        foreach (string path in (string[])["", "/ledger", "/drift", "/drift/x", "/retrain"])
        {
            (HttpStatusCode status, string problem) = await SendAsync("get", $"/api/models/nobody{path}", null);
            Assert.True(status == HttpStatusCode.NotFound, $"{path}: {(int)status} {problem}");
            Assert.Contains("\"detail\"", problem, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync("get", "/api/lineage/nobody@1", null)).Status);
        foreach ((string path, string body) in new[] { ("retrain", ""), ("rollback", ""), ("predict", "{\"rows\":[{}]}"), ("explain", "{\"rows\":[{}]}"), ("feedback", "{\"labels\":[{\"id\":\"p.nobody.1.2026010100.0123456789abcdef0123456789abcdef\",\"label\":\"x\"}]}") })
        {
            (HttpStatusCode status, string problem) = await SendAsync("post", $"/api/models/nobody/{path}", body);
            Assert.True(status == HttpStatusCode.NotFound, $"{path}: {(int)status} {problem}");
        }
    }

    [ProcessFact]
    public async Task ABodyThatComesByTheByte_IsGivenUp()
    {
        using TcpClient client = new();
        await client.ConnectAsync(_platform.BaseUrl.Host, _platform.BaseUrl.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /api/models/slow/predict HTTP/1.1\r\nHost: {_platform.BaseUrl.Authority}\r\nAuthorization: Bearer {_platform.AdminToken}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n["));
        byte[] answer = new byte[4096];
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
        int read = await stream.ReadAsync(answer, patience.Token);
        Assert.True(read == 0 || Encoding.ASCII.GetString(answer, 0, read).StartsWith("HTTP/1.1 408", StringComparison.Ordinal), Encoding.ASCII.GetString(answer, 0, read));
    }

    [Fact]
    public void Routes_InSources_AreAllSeen() =>
        Assert.Equal(Sources().Sum(source => Trigger().Count(source)), Sources().Sum(source => TriggerWithRoute().Count(source)));

    private static string? Fault(HttpStatusCode status, string problem)
    {
        if ((int)status is < 400 or >= 500)
        {
            return $"{(int)status} {problem}";
        }

        // Where no function was reached the host itself answers, without a body.
        bool explained = problem.Length == 0 || problem.Contains("\"detail\"", StringComparison.Ordinal) || problem.Contains("\"error", StringComparison.Ordinal);
        return !explained ? $"no problem document: {problem}" : problem.Contains("   at ", StringComparison.Ordinal) ? $"internals: {problem}" : null;
    }

    private async Task<(HttpStatusCode Status, string Problem)> SendAsync(string method, string path, string? body, Action<HttpContent>? configure = null)
    {
        // As it stands: Uri would decode and shorten it.
        Uri uri = new($"{_platform.BaseUrl.GetLeftPart(UriPartial.Authority)}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), uri);
        if (body is not null && method != "get")
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }
        else if (configure is not null)
        {
            request.Content = new ByteArrayContent([]);
        }

        if (request.Content is { } content)
        {
            configure?.Invoke(content);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        Assert.False(response.Headers.Contains("X-Injected"), path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Runs every timer once. They run by the clock, whatever is asked meanwhile: what they leave is to be there before.</summary>
    private async Task RunTimersAsync()
    {
        string[] timers = [.. (await _platform.GetAsync("/admin/functions")).Expect(HttpStatusCode.OK).Json.EnumerateArray()
            .Where(function => function.GetProperty("config").GetProperty("bindings").EnumerateArray().Any(binding => binding.GetProperty("type").GetString() == "timerTrigger"))
            .Select(function => function.GetProperty("name").GetString()!)];
        Assert.NotEmpty(timers);
        foreach (string timer in timers)
        {
            await _platform.FireAsync(timer);
        }

        HeartbeatStore heartbeats = new(new StorageConnection(name => name == StorageConnection.Name ? _platform.Storage : null));
        await Eventually.HoldsAsync("every timer has run", async () =>
            timers.Except((await heartbeats.ReadAsync(CancellationToken.None)).Where(heartbeat => heartbeat.LastSuccess is not null).Select(heartbeat => heartbeat.Function)).ToArray() is []);
    }

    /// <summary>The name of everything in the platform's storage; without <paramref name="metered"/>, of everything but what requests used.</summary>
    private async Task<IReadOnlySet<string>> KeptAsync(bool metered = true)
    {
        // Answered from what was metered, which is written first.
        await SendAsync("get", "/api/costs", null);
        SortedSet<string> kept = new(StringComparer.Ordinal);
        foreach (string container in StorageNames.Containers)
        {
            await foreach (var blob in new BlobContainerClient(_platform.Storage, container).GetBlobsAsync())
            {
                kept.Add($"{container}/{blob.Name}");
            }
        }

        foreach (string table in StorageNames.Tables)
        {
            await foreach (TableEntity row in new TableClient(_platform.Storage, table).QueryAsync<TableEntity>())
            {
                // Refused requests are metered, but for no model.
                if (table != StorageNames.UsageTable || (metered && !row.RowKey.StartsWith('|')))
                {
                    kept.Add($"{table}: {row.PartitionKey}, {row.RowKey}");
                }
            }
        }

        return kept;
    }

    private static IEnumerable<(string Method, string Path)> Routes() =>
        from source in Sources()
        from Match trigger in TriggerWithRoute().Matches(source)
        from method in Method().Matches(trigger.Groups["methods"].Value).Select(match => match.Groups[1].Value)
        select (method, trigger.Groups["route"].Value);

    private static IEnumerable<string> Sources() => Directory.EnumerateFiles(Repository.File("functions"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText);

    [GeneratedRegex(@"\[HttpTrigger\(")]
    private static partial Regex Trigger();

    [GeneratedRegex(@"\[HttpTrigger\(AuthorizationLevel\.\w+, (?<methods>(""\w+"", )+)Route = ""(?<route>[^""]+)""\)")]
    private static partial Regex TriggerWithRoute();

    [GeneratedRegex(@"""(\w+)""")]
    private static partial Regex Method();

    [GeneratedRegex(@"\{\*{0,2}\w+[^}]*\}")]
    private static partial Regex Parameter();
}
