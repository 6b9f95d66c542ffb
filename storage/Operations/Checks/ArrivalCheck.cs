using System.Globalization;
using Mlops.Core.Data;
using Mlops.Storage.Arrival;
using Mlops.Storage.Pipelines;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Do files in the drop zone become pipelines, and does an event tell of them? The reconciliation hides a subscription that is dead.</summary>
internal sealed class ArrivalCheck(StorageConnection connection, TimeProvider time)
{
    /// <summary>Files listed at most, those whose names come first.</summary>
    public const int MaximumListed = 5_000;

    /// <summary>Files whose arrival is looked up at most, the newest of them.</summary>
    public const int MaximumFiles = 100;

    /// <summary>A file may wait this long for its pipeline: one round of the reconciliation, and some.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    /// <summary>Events come within seconds; after this one counts as lost.</summary>
    private static readonly TimeSpan EventPatience = TimeSpan.FromMinutes(5);

    // Files that came by events long ago prove nothing about today.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(7);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ArrivalStore arrivals = new(connection, time);
        List<DroppedFile> files = [];
        await foreach (DroppedFile file in new DropZone(connection).ListAsync(cancellationToken))
        {
            files.Add(file);
            if (files.Count == MaximumListed)
            {
                break;
            }
        }

        files = [.. files.Where(file => now - file.LastModified < Lately && BatchPath.TryParse(file.Name, out _, out _)).OrderByDescending(file => file.LastModified)];
        DroppedFile? newest = files.FirstOrDefault();
        List<string> waiting = [];
        foreach (DroppedFile file in files.Where(file => now - file.LastModified > Patience).Take(MaximumFiles))
        {
            string model = BatchPath.TryParse(file.Name, out BatchPath? path, out _) ? path.Model.Value : string.Empty;
            if (!await arrivals.IsStartedAsync(model, PipelineId.OfFile(model, file.Name, file.ETag), cancellationToken))
            {
                waiting.Add(file.Name);
            }
        }

        if (waiting.Count > 0)
        {
            return [Finding.Error("arrivals", string.Create(CultureInfo.InvariantCulture, $"{waiting.Count} files lie in the drop zone for more than {Patience.TotalMinutes:0} minutes without a pipeline, first: {waiting[0]}"), "Look at the finding of timers: ReconcileArrivals starts them. By hand: POST /admin/functions/ReconcileArrivals with the body {} and the app's master key")];
        }

        Heartbeat? arrived = (await new HeartbeatStore(connection).ReadAsync(cancellationToken)).FirstOrDefault(heartbeat => heartbeat.Function == "DataArrived");
        if (newest is not null && now - newest.LastModified > EventPatience && (arrived?.LastSuccess is not { } last || last < newest.LastModified - EventPatience))
        {
            return [Finding.Warning(
                "arrivals",
                string.Create(CultureInfo.InvariantCulture, $"no event told of '{newest.Name}' of {newest.LastModified.UtcDateTime:u} (last event: {arrived?.LastSuccess?.UtcDateTime.ToString("u", CultureInfo.InvariantCulture) ?? "never"}): files wait up to ten minutes for the reconciliation"),
                "az eventgrid system-topic list -g \"$AZURE_RESOURCE_GROUP\" --query '[].{name:name,state:provisioningState}'\nazd provision   # makes topic and subscription again")];
        }

        return [Finding.Ok("arrivals", newest is null ? "no files in the last week" : string.Create(CultureInfo.InvariantCulture, $"{files.Count} files in the last week, newest of {newest.LastModified.UtcDateTime:u}, none waits"))];
    }
}
