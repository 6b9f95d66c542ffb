using System.Diagnostics;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Mlops.Core.Data;
using Mlops.Functions.Hosting;
using Mlops.Functions.Training;
using Mlops.Storage.Arrival;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Arrival;

/// <summary>Starts one pipeline for each version of a dropped file, however often its arrival is told.</summary>
public sealed class ArrivalService(ArrivalStore arrivals, DropZone dropZone, PipelineStore pipelines, RegistryStore registry, TimeProvider time, ILogger<ArrivalService> logger)
{
    private static readonly TimeSpan ClaimPollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The id of the pipeline for one version of a file: the same event twice names the same pipeline.</summary>
    public static string PipelineIdFor(string model, string origin) => PipelineId.Of(model, origin);

    /// <summary>The id of the pipeline for one version of a file.</summary>
    public static string PipelineIdFor(BatchPath path, string etag)
    {
        ArgumentNullException.ThrowIfNull(path);
        return PipelineId.OfFile(path.Model.Value, path.BlobName, etag);
    }

    /// <summary>Handles the arrival of a file under its present version. Returns the pipeline's id, or null when there is nothing to do.</summary>
    public async Task<string?> ArriveAsync(DurableTaskClient client, string blobName, CancellationToken cancellationToken)
    {
        if (!BatchPath.TryParse(blobName, out BatchPath? path, out string? error))
        {
            if (!BatchPath.IsConfiguration(blobName, out _))
            {
                Log.FileIgnored(logger, error);
            }

            return null;
        }

        // The event may be old: what counts is the version that lies there now.
        if (await dropZone.FindAsync(blobName, cancellationToken) is not { } etag)
        {
            Log.FileIgnored(logger, $"'{blobName}' was deleted before it was read.");
            return null;
        }

        return await StartAsync(client, path, etag, cancellationToken);
    }

    /// <summary>Starts the pipeline of one version of a file unless it was started.</summary>
    public async Task<string> StartAsync(DurableTaskClient client, BatchPath path, string etag, CancellationToken cancellationToken)
    {
        string model = path.Model.Value;
        string id = PipelineIdFor(path, etag);
        using IDisposable? scope = Log.Scope(logger, model, pipeline: id);
        ArrivalClaim claim;
        while ((claim = await arrivals.ClaimAsync(model, id, path.BlobName, cancellationToken)) == ArrivalClaim.ClaimedByOther)
        {
            // The other claimant may have died: whoever is told of the arrival goes on until the pipeline is known to run.
            await Task.Delay(ClaimPollInterval, time, cancellationToken);
        }

        if (claim == ArrivalClaim.AlreadyStarted)
        {
            return id;
        }

        await registry.AddModelAsync(model, cancellationToken);
        await pipelines.AddAsync(new PipelineRecord(id, model, "data", path.BlobName, time.GetUtcNow(), Activity.Current?.Id), cancellationToken);
        PipelineRequest request = new(model, "data", $"file {path.BlobName}", new BatchSource(path.BlobName, etag));
        await ScheduleOnceAsync(client, id, request, cancellationToken);
        await arrivals.MarkStartedAsync(model, id, path.BlobName, cancellationToken);
        Log.PipelineStarted(logger, model, id, path.BlobName);
        return id;
    }

    /// <summary>Schedules a pipeline unless an instance of that id exists, whatever became of it.</summary>
    public static async Task ScheduleOnceAsync(DurableTaskClient client, string id, PipelineRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (await client.GetInstanceAsync(id, cancellationToken) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(TrainingPipeline), request, new StartOrchestrationOptions(InstanceId: id) { Version = TrainingPipeline.Version }, cancellationToken);
        }
    }
}
