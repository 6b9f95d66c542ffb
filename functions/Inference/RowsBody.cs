using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Inference;

/// <summary>The body of requests that send rows: an array of them, or an object with <c>rows</c> and an optional <c>key</c>.</summary>
internal static class RowsBody
{
    /// <summary>Characters of a key at most.</summary>
    private const int MaximumKey = 256;

    /// <summary>Takes the body apart; the problem when it is none. The rows are not looked at.</summary>
    public static bool TryRead(JsonElement body, out JsonElement rows, out string? key, out IResult problem)
    {
        key = null;
        problem = Results.Empty;
        rows = body;
        if (body.ValueKind == JsonValueKind.Array)
        {
            return true;
        }

        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("rows", out rows))
        {
            problem = Api.BadRequest("The body has no 'rows'. Expected {\"rows\": [{\"column\": value, …}], \"key\": \"who asks, for sticky traffic (optional)\"}.");
            return false;
        }

        if (body.TryGetProperty("key", out JsonElement element) && element.ValueKind != JsonValueKind.Null)
        {
            if (element.ValueKind != JsonValueKind.String || element.GetString()!.Length > MaximumKey)
            {
                problem = Api.BadRequest($"key: expected a text of at most {MaximumKey} characters.");
                return false;
            }

            key = element.GetString();
        }

        return true;
    }
}
