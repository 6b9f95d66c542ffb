using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Core.Access;
using Mlops.Functions.Access;
using Mlops.Storage;
using Mlops.Storage.Access;
using Mlops.Storage.Costs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Access;

public class AccessGuardTests(AzuriteFixture azurite)
{
    private static readonly IServiceProvider Services = new ServiceCollection().AddLogging().BuildServiceProvider();
    private static readonly string Principal = Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"auth_typ":"aad","claims":[{"typ":"oid","val":"1"},{"typ":"name","val":"eve"},{"typ":"roles","val":"admin"}]}"""));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("192.0.2.1", false)]
    [InlineData(null, false)]
    public async Task Off_ServesThisMachineOnly(string? address, bool served)
    {
        DefaultHttpContext http = Request("GET", "/api/models", address: address);
        (int status, _) = await AskAsync(http, new RequireRoleAttribute(Role.Admin), new AccessOptions { IsOn = false });
        Assert.Equal(served ? 200 : 403, status);
        Assert.Equal(served ? "local" : null, http.Features.Get<Caller>()?.Name);
    }

    [Fact]
    public async Task Off_PageOfAnotherSite_ChangesNothing()
    {
        AccessOptions off = new() { IsOn = false };
        RequireRoleAttribute rule = new(Role.Approver);
        Assert.Equal(403, (await AskAsync(Request("POST", "/x", headers: ("Sec-Fetch-Site", "cross-site")), rule, off)).Status);
        Assert.Equal(403, (await AskAsync(Request("POST", "/x", headers: ("Origin", "https://evil.example")), rule, off)).Status);
        Assert.Equal(403, (await AskAsync(Request("DELETE", "/x", headers: ("Origin", "null")), rule, off)).Status);
        Assert.Equal(200, (await AskAsync(Request("POST", "/x", headers: ("Origin", "http://127.0.0.1:7071")), rule, off)).Status);
        Assert.Equal(200, (await AskAsync(Request("POST", "/x", headers: ("Sec-Fetch-Site", "same-origin")), rule, off)).Status);
        Assert.Equal(200, (await AskAsync(Request("GET", "/x", headers: ("Sec-Fetch-Site", "cross-site")), rule, off)).Status);
        Assert.Equal(200, (await AskAsync(Request("POST", "/x"), rule, off)).Status);
    }

    [Fact]
    public async Task On_ForgedPrincipalHeader_IsIgnored_AndTrustedBehindAppServiceAuthentication()
    {
        RequireRoleAttribute rule = new(Role.Admin);
        Assert.Equal(401, (await AskAsync(Request("GET", "/api/tokens", headers: (EntraPrincipal.Header, Principal)), rule, new AccessOptions())).Status);
        DefaultHttpContext http = Request("GET", "/api/tokens", headers: (EntraPrincipal.Header, Principal));
        Assert.Equal(200, (await AskAsync(http, rule, new AccessOptions { TrustsPrincipalHeader = true })).Status);
        Assert.Equal("entra eve (1)", http.Features.Get<Caller>()!.Name);
    }

    [Fact]
    public async Task On_PrincipalWithoutAppRole_IsToldWhichRoleIsMissing()
    {
        string nobody = Convert.ToBase64String("""{"auth_typ":"aad","claims":[{"typ":"oid","val":"1"}]}"""u8);
        (int status, JsonElement problem) = await AskAsync(Request("GET", "/api/models", headers: (EntraPrincipal.Header, nobody)), new RequireRoleAttribute(Role.Reader), new AccessOptions { TrustsPrincipalHeader = true });
        Assert.Equal(403, status);
        Assert.Contains("'reader'", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_UnknownIdAndWrongSecret_GetTheSameAnswer()
    {
        TokenStore store = await OpenAsync();
        AccessToken token = (await store.CreateAsync("a test", Role.Reader, ModelScope.All, TimeSpan.FromDays(1), "tester", CancellationToken.None))!.Value.Secret;
        AccessToken wrong = AccessToken.Of([.. Convert.FromHexString(token.Id), .. new byte[AccessToken.SecretBytes]]);
        RequireRoleAttribute rule = new(Role.Reader);
        (int first, JsonElement unknown) = await AskAsync(WithToken(AccessToken.Of(new byte[40])), rule, new AccessOptions());
        (int second, JsonElement known) = await AskAsync(WithToken(wrong), rule, new AccessOptions());
        Assert.Equal((401, 401), (first, second));
        Assert.Equal(unknown.ToString(), known.ToString());
        Assert.Equal(200, (await AskAsync(WithToken(token), rule, new AccessOptions())).Status);
    }

    [Fact]
    public async Task On_LimitedToSomeModels_ReachesTheseOnly()
    {
        TokenStore store = await OpenAsync();
        ModelScope.TryParse(["weather-*"], out ModelScope? scope, out _);
        AccessToken token = (await store.CreateAsync("a test", Role.Admin, scope!, TimeSpan.FromDays(1), "tester", CancellationToken.None))!.Value.Secret;
        RequireRoleAttribute rule = new(Role.Reader);
        Assert.Equal(200, (await AskAsync(WithToken(token, ("name", "weather-eu")), rule, new AccessOptions())).Status);
        Assert.Equal(200, (await AskAsync(WithToken(token, ("model", "weather-us")), rule, new AccessOptions())).Status);
        (int status, JsonElement problem) = await AskAsync(WithToken(token, ("name", "fraud")), rule, new AccessOptions());
        Assert.Equal(403, status);
        Assert.Contains("weather-*", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // A route that names no model is closed, unless its function keeps to the caller's models.
        Assert.Equal(403, (await AskAsync(WithToken(token), rule, new AccessOptions())).Status);
        Assert.Equal(200, (await AskAsync(WithToken(token), new RequireRoleAttribute(Role.Reader) { ChecksModels = true }, new AccessOptions())).Status);
    }

    [Theory]
    [InlineData("/v2/models/m/infer", "error")]
    [InlineData("/api/2.0/mlflow/runs/create", "message")]
    [InlineData("/api/models", "detail")]
    public async Task Refusals_CarryWhatClientsOfTheProtocolLookFor(string path, string member)
    {
        (int status, JsonElement problem) = await AskAsync(Request("GET", path), new RequireRoleAttribute(Role.Reader), new AccessOptions());
        Assert.Equal(401, status);
        Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty(member).GetString());
    }

    [Fact]
    public async Task On_TooManyGuesses_AreRefusedBeforeStorageIsAsked()
    {
        UsageMeter usage = new(TimeProvider.System);
        TokenVerifier verifier = new(await OpenAsync(usage), TimeProvider.System);
        (int status, _) = await GuessAsync(verifier, AccessToken.Of(new byte[40]), exhausted: false);
        Assert.Equal(401, status);
        Assert.NotEqual(0, Requests(usage));

        // A machine that stands still for a second between using up the allowance and asking has it filled again: then once more.
        string wait = string.Empty;
        for (int attempt = 0; attempt < 20 && status != 429; attempt++)
        {
            _ = usage.Take();
            (status, wait) = await GuessAsync(verifier, AccessToken.Of(Enumerable.Repeat((byte)(attempt + 1), 40).ToArray()), exhausted: true);
        }

        Assert.Equal((429, "1"), (status, wait));
        Assert.Equal(0, Requests(usage));
    }

    [Fact]
    public async Task On_TooManyGuessesFromASharedAddress_TakeNoProbeForDead()
    {
        TokenVerifier verifier = new(await OpenAsync(), TimeProvider.System);
        Assert.Equal(200, (await GuessAsync(verifier, AccessToken.Of(new byte[40]), exhausted: true, Role.None)).Status);
    }

    [Fact]
    public async Task On_TooManyGuessesFromASharedAddress_KeepNobodyOutWhoseTokenIsRight()
    {
        TokenStore store = await OpenAsync();
        AccessToken token = (await store.CreateAsync("a test", Role.Reader, ModelScope.All, TimeSpan.FromDays(1), "tester", CancellationToken.None))!.Value.Secret;
        Assert.Equal(200, (await GuessAsync(new TokenVerifier(store, TimeProvider.System), token, exhausted: true)).Status);
    }

    // A request from an address that has, or has not, used up what it may ask without proof.
    private static async Task<(int Status, string Wait)> GuessAsync(TokenVerifier verifier, AccessToken token, bool exhausted, Role role = Role.Reader)
    {
        using RequestLimits limits = new(new AccessOptions { AnonymousRequestsPerSecond = 1 });
        AccessGuard guard = new(new AccessOptions(), verifier, limits, NullLogger<AccessGuard>.Instance);
        IPAddress address = IPAddress.Parse("192.0.2.77");
        for (int i = 0; exhausted && i < 10_000 && limits.Count(address) is null; i++)
        {
        }

        DefaultHttpContext http = WithToken(token);
        http.Connection.RemoteIpAddress = address;
        if (await guard.RefuseAsync(http, new RequireRoleAttribute(role), "Test", CancellationToken.None) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
        }

        return (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString());
    }

    private static long Requests(UsageMeter usage) => usage.Take().Sum(row => row.Used.TableOperations);

    private static DefaultHttpContext Request(string method, string path, string? address = "127.0.0.1", params (string Name, string Value)[] headers)
    {
        DefaultHttpContext http = new() { RequestServices = Services };
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Host = new HostString("127.0.0.1:7071");
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        http.Response.Body = new MemoryStream();
        foreach ((string name, string value) in headers)
        {
            http.Request.Headers[name] = value;
        }

        return http;
    }

    private static DefaultHttpContext WithToken(AccessToken token, params (string Name, string Value)[] route)
    {
        DefaultHttpContext http = Request("GET", "/api/models", headers: ("Authorization", $"Bearer {token.Reveal()}"));
        foreach ((string name, string value) in route)
        {
            http.Request.RouteValues[name] = value;
        }

        return http;
    }

    private async Task<(int Status, JsonElement Problem)> AskAsync(DefaultHttpContext http, RequireRoleAttribute rule, AccessOptions options)
    {
        using RequestLimits limits = new(options);
        AccessGuard guard = new(options, new TokenVerifier(await OpenAsync(), TimeProvider.System), limits, NullLogger<AccessGuard>.Instance);
        if (await guard.RefuseAsync(http, rule, "Test", CancellationToken.None) is not { } refusal)
        {
            return (200, default);
        }

        await refusal.ExecuteAsync(http);
        Assert.Equal("application/problem+json", http.Response.ContentType);
        Assert.Equal(http.Response.StatusCode == 401, http.Response.Headers.WWWAuthenticate.Count > 0);
        return (http.Response.StatusCode, JsonDocument.Parse(((MemoryStream)http.Response.Body).ToArray()).RootElement);
    }

    private async Task<TokenStore> OpenAsync(UsageMeter? usage = null)
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null, usage);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        usage?.Take();
        return new TokenStore(connection, TimeProvider.System);
    }
}
