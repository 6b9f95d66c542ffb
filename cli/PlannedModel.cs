using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mlops.Cli;

/// <summary>The platform's answer to what a <c>model.yaml</c> would change.</summary>
/// <param name="Model">The model.</param>
/// <param name="State">convention, dropped, applied or drifted: how the file in storage relates to the last applied one.</param>
/// <param name="Base">SHA-256 of the file in storage, or null when there is none.</param>
/// <param name="Proposed">SHA-256 of the repository's file.</param>
/// <param name="Changes">Settings that change.</param>
/// <param name="Trains">Whether the next training gives another model.</param>
/// <param name="Batches">Kept batches that would be blocked; null when their check does not change.</param>
/// <param name="Floors">Versions below the floors; null when the gate does not change.</param>
internal sealed record PlannedModel(
    string Model, string State, string? Base, string Proposed, IReadOnlyList<PlannedModel.Change> Changes, bool Trains, PlannedModel.Check? Batches, IReadOnlyList<string>? Floors)
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether the repository's file is the one in storage, and that is the one which was applied.</summary>
    [JsonIgnore]
    public bool IsInForce => Base == Proposed && State == "applied";

    /// <summary>Asks the platform. Null with the reason when it refuses the file.</summary>
    public static async Task<(PlannedModel? Plan, string Errors)> AskAsync(HttpClient client, ModelFile file, CancellationToken cancellationToken)
    {
        using StringContent body = new(file.Text, Encoding.UTF8, "application/yaml");
        using HttpResponseMessage response = await client.PostAsync($"api/models/{file.Model}/configuration/plan", body, cancellationToken);
        string answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge)
        {
            return (null, Problem(answer));
        }

        response.EnsureSuccessStatusCode();
        return (JsonSerializer.Deserialize<PlannedModel>(answer, _json) ?? throw new JsonException("The platform answered nothing."), string.Empty);
    }

    /// <summary>The plan in words: the first line sums it up.</summary>
    public string Describe()
    {
        List<string> lines = [Summary()];
        lines.AddRange(Changes.Select(change => $"  {change.Key}: {change.Before} → {change.After}: {change.Effect}"));
        if (Trains)
        {
            lines.Add("  retraining: the next training gives another model; 'apply --retrain' asks for one");
        }

        if (Batches is { } batches)
        {
            lines.Add($"  kept batches: {batches.Blocked.Count} of {batches.Checked} checked ({batches.Kept} kept) would be blocked");
            lines.AddRange(batches.Blocked.Select(blocked => $"    {blocked.Source} ({blocked.Dataset}): {string.Join(" ", blocked.Findings)}"));
        }

        lines.AddRange((Floors ?? []).Select(below => $"  below the floors: {below}"));
        return string.Join('\n', lines);
    }

    /// <summary>Title, detail and errors of a problem document, or the text as it came.</summary>
    public static string Problem(string answer)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            IEnumerable<string?> errors = document.RootElement.TryGetProperty("errors", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Select(error => error.GetString()) : [];
            return string.Join('\n', [document.RootElement.GetProperty("detail").GetString(), .. errors]);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return answer[..Math.Min(answer.Length, 500)];
        }
    }

    private string Summary() => (IsInForce, State, Changes.Count) switch
    {
        (true, _, _) => "in force",
        (_, "drifted", _) when Base is null => "DRIFT: the applied model.yaml was deleted from storage; applying writes it again",
        (_, "drifted", 0) => "DRIFT: the model.yaml in storage is not the applied one; the settings are equal",
        (_, "drifted", var changes) => $"DRIFT: the model.yaml in storage is not the applied one; applying changes {changes} settings",
        (_, "dropped", 0) when Base == Proposed => "the same file lies in storage and was never applied; applying records it",
        (_, _, 0) => "only the wording changes",
        (_, _, var changes) => $"{changes} settings change",
    };

    /// <summary>One setting that changes.</summary>
    internal sealed record Change(string Key, string Before, string After, string Effect);

    /// <summary>Kept batches, checked by the proposed configuration.</summary>
    internal sealed record Check(int Checked, int Kept, IReadOnlyList<Blocked> Blocked);

    /// <summary>A batch that would be blocked.</summary>
    internal sealed record Blocked(string Dataset, string Source, IReadOnlyList<string> Findings);
}
