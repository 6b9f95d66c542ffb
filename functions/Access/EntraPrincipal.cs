using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Core.Access;
using Mlops.Core.Data;

namespace Mlops.Functions.Access;

/// <summary>
/// Whom App Service authentication found, from its header <c>X-MS-CLIENT-PRINCIPAL</c>: base64 of
/// <c>{"auth_typ", "name_typ", "role_typ", "claims": [{"typ", "val"}]}</c>. The app roles of the registration bear the names of ours. Principals of
/// other identity providers, should somebody add one to the app, are nobody: whoever runs one could put any role into its claims.
/// </summary>
internal static class EntraPrincipal
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";
    private const string Entra = "aad";
    private const int MaximumLength = 64 * 1024;
    private const string ObjectId = "http://schemas.microsoft.com/identity/claims/objectidentifier";
    private const string RoleClaim = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role";

    /// <summary>The caller, with <see cref="Role.None"/> when no app role of ours is assigned; null when the header is none of App Service's.</summary>
    public static Caller? Read(HttpRequest request)
    {
        string text = request.Headers[Header].ToString();
        byte[] json = new byte[text.Length];
        if (text.Length is 0 or > MaximumLength || !Convert.TryFromBase64String(text, json, out int length))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 8 });
            return Read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static Caller? Read(JsonElement principal)
    {
        if (Text(principal, "auth_typ") != Entra)
        {
            return null;
        }

        List<(string Type, string Value)> claims = [.. principal.GetProperty("claims").EnumerateArray().Select(claim => (claim.GetProperty("typ").GetString() ?? "", claim.GetProperty("val").GetString() ?? ""))];
        string? First(params string?[] types) => types.Select(type => claims.FirstOrDefault(claim => claim.Type == type).Value).FirstOrDefault(value => !string.IsNullOrEmpty(value));

        // The object id is the one thing about a principal that nobody can change or give to another.
        if (First(ObjectId, "oid") is not { } id)
        {
            return null;
        }

        string? roleType = Text(principal, "role_typ");
        Role role = claims.Where(claim => claim.Type is "roles" or RoleClaim || claim.Type == roleType)
            .Select(claim => RoleNames.TryParse(claim.Value, out Role named) ? named : Role.None)
            .DefaultIfEmpty(Role.None)
            .Max();
        string name = First("preferred_username", Text(principal, "name_typ"), "name", "appid", "azp") ?? "somebody";
        return new Caller($"entra {Excerpt.Of(name)} ({Excerpt.Of(id)})", role, ModelScope.All);
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
