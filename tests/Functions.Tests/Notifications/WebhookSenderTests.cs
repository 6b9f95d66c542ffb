using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Notifications;
using Mlops.Storage;
using Mlops.Storage.Notifications;

namespace Mlops.Functions.Tests.Notifications;

/// <summary>A sender against a real receiver on this machine, which it may reach only when it is allowed to.</summary>
public sealed class WebhookSenderTests : IAsyncLifetime
{
    private static readonly byte[] _key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
    private readonly List<(string Path, Dictionary<string, string> Headers, string Body)> _received = [];
    private WebApplication _receiver = null!;

    private string Address => _receiver.Urls.Single();

    private int Port => new Uri(Address).Port;

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _receiver = builder.Build();
        _receiver.Run(async http =>
        {
            string body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            lock (_received)
            {
                _received.Add((http.Request.Path, http.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()), body));
            }

            switch (http.Request.Path.Value)
            {
                case "/moved":
                    http.Response.Redirect("/taken");
                    break;
                case "/fails":
                    http.Response.StatusCode = 503;
                    break;
                case "/endless":
                    while (!http.RequestAborted.IsCancellationRequested)
                    {
                        await http.Response.Body.WriteAsync(new byte[64 * 1024], http.RequestAborted);
                    }

                    break;
            }
        });
        await _receiver.StartAsync();
    }

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public async Task Send_ToAReceiverThatIsAllowed_IsSigned()
    {
        using WebhookSender sender = Sender(loopback: true);
        WebhookMessage message = Message($"{Address}/taken");
        Assert.Null(await sender.SendAsync(message, CancellationToken.None));
        (string path, Dictionary<string, string> headers, string body) = Assert.Single(_received);
        Assert.Equal("/taken", path);
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal("drift-churn-1", headers["webhook-id"]);
        string expected = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"drift-churn-1.{headers["webhook-timestamp"]}.{body}")));
        Assert.Equal($"v1,{expected}", headers["webhook-signature"]);
        using JsonDocument json = JsonDocument.Parse(body);
        Assert.Equal("Mlops.DriftDetected", json.RootElement.GetProperty("type").GetString());
        Assert.Equal("churn", json.RootElement.GetProperty("data").GetProperty("model").GetString());
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", true)]
    [InlineData("no trace\r\nx-forged: 1", false)]
    [InlineData(null, false)]
    public async Task Send_OfAnEventInATrace_PassesItOn_AndNothingElseOfTheContext(string? trace, bool passed)
    {
        using WebhookSender sender = Sender(loopback: true);
        Assert.Null(await sender.SendAsync(Message($"{Address}/taken") with { Trace = trace }, CancellationToken.None));
        Dictionary<string, string> headers = Assert.Single(_received).Headers;
        Assert.Equal(passed ? trace : null, headers.GetValueOrDefault("traceparent"));
        Assert.DoesNotContain(headers.Keys, name => name is "baggage" or "correlation-context" or "tracestate" or "x-forged");
    }

    [Fact]
    public async Task Send_WithinASpan_IsItsChild_AndKeepsItsBaggage()
    {
        using WebhookSender sender = Sender(loopback: true);
        using Activity span = new Activity("process webhooks").SetBaggage("secret", "ours").Start();
        Assert.Null(await sender.SendAsync(Message($"{Address}/taken") with { Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }, CancellationToken.None));
        Dictionary<string, string> headers = Assert.Single(_received).Headers;
        Assert.Equal(span.Id, headers["traceparent"]);
        Assert.DoesNotContain(headers.Values, value => value.Contains("ours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliver_OfWhatMayNotBePosted_LogsTheHost_NotTheSecretPath()
    {
        using WebhookSender sender = Sender(loopback: false);
        FakeLog log = new();
        await new DeliverWebhook(sender, log).Run(JsonSerializer.Serialize(Message("https://127.0.0.1/services/T0/B0/hunter2"), StorageJson.Options), CancellationToken.None);
        string line = Assert.Single(log.Lines);
        Assert.Contains("127.0.0.1", line, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Sign_IsThatOfTheStandardsExample()
    {
        // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md and its reference libraries' test.
        byte[] secret = Convert.FromBase64String("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSender.Sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "{\"test\": 2432232314}"u8.ToArray()));
    }

    [Fact]
    public async Task Send_ToThisMachine_IsRefused_AndNothingConnects()
    {
        using WebhookSender sender = Sender(loopback: false);
        Assert.Contains("not https", await sender.SendAsync(Message($"{Address}/taken"), CancellationToken.None), StringComparison.Ordinal);
        foreach (string host in (string[])["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0"])
        {
            Assert.Contains("not on the public internet", await sender.SendAsync(Message($"https://{host}:{Port}/taken"), CancellationToken.None), StringComparison.Ordinal);
        }

        Assert.Empty(_received);
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("fd00::1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("1.1.1.1", "127.0.0.1")]
    public async Task Send_ToANameThatLeadsInside_IsRefused(params string[] addresses)
    {
        using WebhookSender sender = Sender(loopback: false, (_, _) => Task.FromResult<IPAddress[]>([.. addresses.Select(IPAddress.Parse)]));
        Assert.Contains(addresses[^1], await sender.SendAsync(Message("https://hooks.example.org/x"), CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_ToANameThatChangesItsMind_GoesByWhereItLeadsWhenConnected()
    {
        Queue<string> answers = new(["1.1.1.1", "127.0.0.1"]);
        Func<string, CancellationToken, Task<IPAddress[]>> resolve = (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(answers.Dequeue())]);
        Assert.True(PublicAddress.Contains((await resolve("hooks.example.org", CancellationToken.None))[0]));
        using WebhookSender sender = Sender(loopback: false, resolve);
        Assert.Contains("127.0.0.1", await sender.SendAsync(Message($"https://hooks.example.org:{Port}/taken"), CancellationToken.None), StringComparison.Ordinal);
        Assert.Empty(answers);
        Assert.Empty(_received);
    }

    [Fact]
    public async Task Send_ToAReceiverThatSendsElsewhere_DoesNotFollow()
    {
        using WebhookSender sender = Sender(loopback: true);
        await Assert.ThrowsAsync<HttpRequestException>(() => sender.SendAsync(Message($"{Address}/moved"), CancellationToken.None));
        Assert.Equal("/moved", Assert.Single(_received).Path);
    }

    [Fact]
    public async Task Send_ToAReceiverThatFails_IsTriedAgain_AndOneThatTalksForever_IsDone()
    {
        using WebhookSender sender = Sender(loopback: true);
        await Assert.ThrowsAsync<HttpRequestException>(() => sender.SendAsync(Message($"{Address}/fails"), CancellationToken.None));
        Assert.Null(await sender.SendAsync(Message($"{Address}/endless"), CancellationToken.None));
    }

    [Theory]
    [InlineData("ftp://example.org/")]
    [InlineData("http://example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@example.org/")]
    [InlineData("https://example.org/#x")]
    [InlineData("https://")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task Send_ToWhatIsNoAddress_IsRefused(string address)
    {
        using WebhookSender sender = Sender(loopback: true);
        Assert.Contains("not https", await sender.SendAsync(Message(address), CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_WithoutASecret_IsRefused()
    {
        using WebhookSender sender = new(new WebhookOptions { AllowsLoopback = true }, TimeProvider.System);
        Assert.Contains("MlopsWebhookSecret", await sender.SendAsync(Message($"{Address}/taken"), CancellationToken.None), StringComparison.Ordinal);
        Assert.Empty(_received);
    }

    [Theory]
    [InlineData("short")]
    [InlineData("whsec_c2hvcnQ=")]
    [InlineData("whsec_not base64")]
    public void Options_WithABadSecret_SayWhatIsExpected(string secret) =>
        Assert.Contains("whsec_", Assert.Throws<InvalidOperationException>(() => WebhookOptions.Read(name => name == "MlopsWebhookSecret" ? secret : null)).Message, StringComparison.Ordinal);

    private static WebhookSender Sender(bool loopback, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        WebhookOptions options = new() { Secret = _key, AllowsLoopback = loopback };
        return resolve is null ? new WebhookSender(options, TimeProvider.System) : new WebhookSender(options, TimeProvider.System, resolve);
    }

    private static WebhookMessage Message(string address) => new(address, "drift-churn-1", "Mlops.DriftDetected", "churn", "2 of 3 columns drifted", DateTimeOffset.UnixEpoch);

    private sealed class FakeLog : ILogger<DeliverWebhook>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
