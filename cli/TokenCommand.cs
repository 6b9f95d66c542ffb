using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mlops.Cli;

/// <summary><c>token create</c>, <c>token list</c> and <c>token revoke</c>: who may do what on a platform.</summary>
internal static class TokenCommand
{
    private const string MasterKeyVariable = "MLOPS_MASTER_KEY";

    /// <summary>Runs one of the three.</summary>
    /// <returns>0; 1 when the platform refuses, with its reason in <paramref name="output"/>.</returns>
    public static async Task<int> RunAsync(Arguments arguments, TextWriter output, CancellationToken cancellationToken)
    {
        string[] words = arguments.Words;
        if (words is not (["token", "create", _] or ["token", "list", _] or ["token", "revoke", _, _]))
        {
            throw new UsageException("Expected 'token create URL', 'token list URL' or 'token revoke URL ID'.");
        }

        using HttpClient client = Endpoint.Client(words[2]);
        using HttpResponseMessage response = words[1] switch
        {
            "create" => await CreateAsync(client, arguments, cancellationToken),
            "list" => await client.GetAsync("api/tokens", cancellationToken),
            _ => await client.DeleteAsync($"api/tokens/{Uri.EscapeDataString(words[3])}", cancellationToken),
        };
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            await output.WriteLineAsync($"{(int)response.StatusCode}: {Detail(text)}");
            return CommandLine.Failed;
        }

        using JsonDocument document = JsonDocument.Parse(text);
        switch (words[1])
        {
            case "create":
                await output.WriteLineAsync(document.RootElement.GetProperty("secret").GetString());
                break;
            case "list":
                foreach (JsonElement token in document.RootElement.GetProperty("tokens").EnumerateArray())
                {
                    await output.WriteLineAsync(Line(token));
                }

                break;
            default:
                await output.WriteLineAsync(Line(document.RootElement));
                break;
        }

        return CommandLine.Passed;
    }

    private static Task<HttpResponseMessage> CreateAsync(HttpClient client, Arguments arguments, CancellationToken cancellationToken)
    {
        string path = "api/tokens";
        if (client.DefaultRequestHeaders.Authorization is null && Environment.GetEnvironmentVariable(MasterKeyVariable) is { Length: > 0 } key)
        {
            client.DefaultRequestHeaders.Add("x-functions-key", key);
            path = "api/tokens/by-key";
        }

        return client.PostAsJsonAsync(
            path,
            new { name = arguments.Required("name"), role = arguments.Required("role"), models = arguments.Option("models")?.Split(','), expiresInDays = (int)arguments.Number("days", 90, 1) },
            cancellationToken);
    }

    private static string Line(JsonElement token)
    {
        string Text(string name) => token.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;
        string Day(string name) => DateTimeOffset.TryParse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "never";
        string state = token.TryGetProperty("revoked", out _) ? $"revoked {Day("revoked")}" : $"until {Day("expires")}";
        return $"{Text("id")}  {Text("role"),-11}  {string.Join(',', token.GetProperty("models").EnumerateArray())}  {state}  last used {Day("lastUsed")}  {Text("name")}";
    }

    // A refusal is a problem document; what stands before the platform may answer anything.
    private static string Detail(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.TryGetProperty("detail", out JsonElement detail) ? detail.ToString() : text;
        }
        catch (JsonException)
        {
            return text.Length == 0 ? "refused without a reason; is the key right?" : WebUtility.HtmlDecode(text[..Math.Min(text.Length, 500)]);
        }
    }
}
