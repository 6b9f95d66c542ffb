using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Too many requests over HTTP: who sends them waits, and nobody else.</summary>
public sealed class RateLimitTests : IAsyncLifetime
{
    private Platform _platform = null!;
    private Callers _callers = null!;

    public async ValueTask InitializeAsync()
    {
        if (!Platform.IsExternal)
        {
            _platform = await Platform.StartAsync(new Dictionary<string, string> { ["MlopsRequestsPerSecond"] = "5", ["MlopsAnonymousRequestsPerSecond"] = "2" });
            _callers = new Callers(_platform);
            await _callers.InitializeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Platform.IsExternal)
        {
            await _callers.DisposeAsync();
            await _platform.DisposeAsync();
        }
    }

    [ProcessFact]
    public async Task TooManyRequestsOfOneToken_AreRefusedWithRetryAfter_OthersAreServed_AndItIsServedAgainAfterwards()
    {
        (IReadOnlyList<HttpStatusCode> before, string body, HttpResponseHeaders headers) = await UntilRefusedAsync(_callers.Token("reader"));
        Assert.All(before, status => Assert.Equal(HttpStatusCode.OK, status));
        TimeSpan wait = Refusal(body, headers);
        Assert.Equal(HttpStatusCode.OK, (await _callers.SendAsync("GET", "/api/models", _callers.Token("approver"))).Status);
        await Task.Delay(wait);
        await Eventually.HoldsAsync("the caller is served again", async () => (await _callers.SendAsync("GET", "/api/models", _callers.Token("reader"))).Status == HttpStatusCode.OK);
    }

    [ProcessFact]
    public async Task TooManyGuesses_AreRefusedWithRetryAfter_AndKeepOutNobodyAtTheSameAddress()
    {
        string guess = $"mlops_{new string('0', 16)}_{new string('A', 43)}";
        (IReadOnlyList<HttpStatusCode> before, string body, HttpResponseHeaders headers) = await UntilRefusedAsync(guess);
        Assert.All(before, status => Assert.Equal(HttpStatusCode.Unauthorized, status));
        Refusal(body, headers);

        // A token that this instance never saw, while the guesses go on.
        (string token, _) = await _callers.CreateAsync("reader", "*");
        await Eventually.HoldsAsync("the new token opens", async () =>
        {
            await _callers.SendAsync("GET", "/api/models", guess);
            return (await _callers.SendAsync("GET", "/api/models", token)).Status == HttpStatusCode.OK;
        });
        Assert.Equal(HttpStatusCode.OK, (await _callers.SendAsync("GET", "/api/models", _callers.Token("predictor"))).Status);
    }

    private static TimeSpan Refusal(string body, HttpResponseHeaders headers)
    {
        JsonElement problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(429, problem.GetProperty("status").GetInt32());
        TimeSpan wait = headers.RetryAfter!.Delta!.Value;
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        Assert.Contains($"{wait.TotalSeconds:0} s", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return wait;
    }

    private async Task<(IReadOnlyList<HttpStatusCode> Before, string Body, HttpResponseHeaders Headers)> UntilRefusedAsync(string token)
    {
        List<HttpStatusCode> before = [];
        for (int round = 0; round < 50; round++)
        {
            (HttpStatusCode Status, string Body, HttpResponseHeaders Headers)[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _callers.SendAsync("GET", "/api/models", token)));
            before.AddRange(answers.Select(answer => answer.Status).Where(status => status != HttpStatusCode.TooManyRequests));
            if (answers.FirstOrDefault(answer => answer.Status == HttpStatusCode.TooManyRequests) is { Body: not null } refused)
            {
                return (before, refused.Body, refused.Headers);
            }
        }

        throw new InvalidOperationException("1,000 requests were served.");
    }
}
