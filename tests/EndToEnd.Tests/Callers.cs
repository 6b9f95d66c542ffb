using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>Callers of every role, and those who show nothing.</summary>
public sealed class Callers(Platform platform) : IAsyncLifetime
{
    /// <summary>The roles, least first.</summary>
    public static readonly IReadOnlyList<string> Roles = ["reader", "predictor", "contributor", "approver", "admin"];

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };
    private readonly Dictionary<string, string> _tokens = [];

    /// <summary>Every secret that these callers know.</summary>
    public IEnumerable<string> Secrets => _tokens.Values.Select(Secret);

    public async ValueTask InitializeAsync()
    {
        if (Platform.IsExternal)
        {
            return;
        }

        _http.BaseAddress = platform.BaseUrl;
        _tokens["admin"] = platform.AdminToken;
        foreach (string role in Roles.Except(["admin"]))
        {
            _tokens[role] = (await CreateAsync(role, "*")).Token;
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>How far up the ladder a role is.</summary>
    public static int Rank(string role) => Roles.ToList().IndexOf(role);

    /// <summary>The part of a token that proves it.</summary>
    public static string Secret(string token) => token.Split('_', 3)[2];

    /// <summary>A token of a role, for all models.</summary>
    public string Token(string role) => _tokens[role];

    /// <summary>Creates a token as the admin.</summary>
    public async Task<(string Token, string Id)> CreateAsync(string role, string models)
    {
        (HttpStatusCode status, string body, _) = await SendAsync("POST", "/api/tokens", platform.AdminToken, new { name = $"a {role}", role, models = new[] { models } });
        Assert.True(status == HttpStatusCode.Created, body);
        JsonElement created = JsonDocument.Parse(body).RootElement;
        return (created.GetProperty("secret").GetString()!, created.GetProperty("token").GetProperty("id").GetString()!);
    }

    /// <summary>Sends a request, with a token as bearer, with another <paramref name="authorization"/>, or with neither.</summary>
    public async Task<(HttpStatusCode Status, string Body, HttpResponseHeaders Headers)> SendAsync(
        string method, string path, string? token, object? json = null, HttpContent? content = null, (string Name, string Value)? header = null, AuthenticationHeaderValue? authorization = null)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = content ?? (json is null ? null : JsonContent.Create(json)) };
        request.Headers.Authorization = token is null ? authorization : new AuthenticationHeaderValue("Bearer", token);
        if (header is { } extra)
        {
            request.Headers.Add(extra.Name, extra.Value);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }
}
