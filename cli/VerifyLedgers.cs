using System.Globalization;
using System.Text.Json;
using Mlops.Core.Registry;

namespace Mlops.Cli;

/// <summary><c>ledger verify</c>: do the chains hold, and do the anchors agree? Computed here from the entries: the platform's own word is not taken for it.</summary>
internal static class VerifyLedgers
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    /// <summary>One check a model.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        using HttpClient client = Endpoint.Client(arguments.Operands(2)[0]);
        CheckReport report = new("mlops ledger verify");
        foreach (string model in arguments.Option("model") is { } one ? [one] : await ModelsAsync(client, cancellationToken))
        {
            string path = $"api/models/{Uri.EscapeDataString(model)}/ledger";

            // Anchors first: an entry that comes in between is then merely not anchored yet.
            Verification theirs = await GetAsync<Verification>(client, $"{path}/verification", cancellationToken);
            Ledger ledger = await GetAsync<Ledger>(client, path, cancellationToken);
            LedgerVerification ours = LedgerVerification.Of(ledger.Entries, ledger.Entries.Count == 0 ? null : ledger.Entries[^1], theirs.Anchors);
            string[] findings = [.. ours.Findings.Union(theirs.Findings)];
            report.Add(
                model,
                string.Create(CultureInfo.InvariantCulture, $"{ours.Entries} entries, {ours.Anchors} anchors, confirmed up to entry {ours.AnchoredTo}, head {ours.Head?[..12] ?? "none"}"),
                findings.Length == 0 ? null : string.Join('\n', findings));
        }

        return report;
    }

    private static async Task<IReadOnlyList<string>> ModelsAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync("api/models", cancellationToken));
        return [.. document.RootElement.EnumerateArray().Select(model => model.GetProperty("name").GetString()!)];
    }

    private static async Task<T> GetAsync<T>(HttpClient client, string path, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<T>(await client.GetStringAsync(path, cancellationToken), _json) ?? throw new JsonException($"{path} answered nothing.");

    private sealed record Ledger(IReadOnlyList<LedgerEntry> Entries);

    private sealed record Verification(IReadOnlyList<LedgerAnchor> Anchors, IReadOnlyList<string> Findings);
}
