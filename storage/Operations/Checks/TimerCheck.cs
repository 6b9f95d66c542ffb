using System.Globalization;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Do the timers run, and do functions end well? The reconciliation among them finds what events have lost.</summary>
internal sealed class TimerCheck(StorageConnection connection, TimeProvider time)
{
    private static readonly TimeSpan Lately = TimeSpan.FromHours(24);

    /// <param name="expected">The timers that the app has, where the caller knows them.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync(IReadOnlyList<string> expected, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<Heartbeat> heartbeats = await new HeartbeatStore(connection).ReadAsync(cancellationToken);
        List<Finding> findings = [];
        foreach (Heartbeat heartbeat in heartbeats)
        {
            if (heartbeat.DueBy < now)
            {
                findings.Add(Finding.Error(
                    "timers",
                    string.Create(CultureInfo.InvariantCulture, $"{heartbeat.Function} last ended well at {heartbeat.LastSuccess?.UtcDateTime:u} and was due by {heartbeat.DueBy.Value.UtcDateTime:u}{(heartbeat.Error is { } error && heartbeat.LastFailure > heartbeat.LastSuccess ? $"; it failed: {error}" : string.Empty)}"),
                    "az functionapp show -n \"$AZURE_FUNCTION_NAME\" -g \"$AZURE_RESOURCE_GROUP\" --query state   # Running? Then its logs say why; on one machine: scripts/run.sh --serve"));
            }
            else if (heartbeat.LastFailure > (heartbeat.LastSuccess ?? DateTimeOffset.MinValue) && now - heartbeat.LastFailure < Lately)
            {
                findings.Add(Finding.Warning(
                    "timers", string.Create(CultureInfo.InvariantCulture, $"{heartbeat.Function} failed at {heartbeat.LastFailure?.UtcDateTime:u} and has not ended well since: {heartbeat.Error}"), "docs/runbooks/error-rate.md   # the message says what is wrong"));
            }
        }

        string[] never = [.. expected.Except(heartbeats.Where(heartbeat => heartbeat.LastSuccess is not null).Select(heartbeat => heartbeat.Function))];
        if (heartbeats.Count == 0 && expected.Count == 0)
        {
            findings.Add(Finding.Warning("timers", "no function has ever run on this account", "azd deploy   # or scripts/run.sh; a new app needs ten minutes for its first timers"));
        }
        else if (never.Length > 0)
        {
            findings.Add(Finding.Warning("timers", $"never ended well so far: {string.Join(", ", never)}", "Wait for their time after a first deployment (GET /api/doctor again in an hour); else look at the app's functions: az functionapp function list -n \"$AZURE_FUNCTION_NAME\" -g \"$AZURE_RESOURCE_GROUP\" -o table"));
        }

        string[] versions = [.. heartbeats.Where(heartbeat => heartbeat.LastSuccess > now - Lately).Select(heartbeat => heartbeat.Version).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        if (findings.Count == 0)
        {
            findings.Add(Finding.Ok("timers", string.Create(CultureInfo.InvariantCulture, $"{heartbeats.Count} functions ran in time; the last reconciliation of arrivals at {heartbeats.FirstOrDefault(heartbeat => heartbeat.Function == "ReconcileArrivals")?.LastSuccess?.UtcDateTime:u}; app {string.Join(", ", versions)}")));
        }

        return findings;
    }
}
