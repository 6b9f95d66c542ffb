using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.DurableTask;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Tests.Durable;

/// <summary>The process that <see cref="KilledProcessTests"/> kills: this assembly, started with <c>DOTNET_STARTUP_HOOKS</c> naming itself, runs the workload instead of tests.</summary>
internal static class CrashWorker
{
    public const string Variable = "MLOPS_TEST_CRASH_WORKER";
    public const string Ready = "ready";
    public const string Result = "result ";

    /// <summary>Runs the workload and ends the process.</summary>
    public static void Run(string work)
    {
        try
        {
            RunAsync(work.Split('|', 3)).GetAwaiter().GetResult();
            Environment.Exit(0);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e);
            Environment.Exit(1);
        }
    }

    private static async Task RunAsync(string[] work)
    {
        var (hub, id, connection) = (work[0], work[1], work[2]);
        var effects = new TableEffects(connection, hub);
        await effects.PrepareAsync();
        var store = new TableDurableStore(new TableServiceClient(connection), new BlobServiceClient(connection), hub);
        var running = await Hub.StartAsync(f => CrashWorkload.Define(f, effects), store: store);
        if (await running.Client.GetInstanceAsync(id, CancellationToken.None) is null)
        {
            await running.Client.ScheduleNewOrchestrationInstanceAsync(CrashWorkload.Orchestrator, 1, new StartOrchestrationOptions(id));
        }

        Console.WriteLine(Ready);
        await CrashWorkload.DriveAsync(running.Client, id);
        Console.WriteLine(Result + (await running.EndAsync(id)).SerializedOutput);
    }
}

/// <summary>Effects in a table, so that they outlive their process.</summary>
internal sealed class TableEffects(string connection, string hub) : IEffects
{
    private readonly TableClient _table = new(connection, hub + "Effects");

    public Task PrepareAsync() => _table.CreateIfNotExistsAsync(CancellationToken.None);

    public Task RecordAsync(string key, string value)
    {
        // The key is instance/what/number; instances of children have ids that differ from run to run.
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var run = key.StartsWith("main", StringComparison.Ordinal) ? key[..slash] : "child";
        return _table.UpsertEntityAsync(new TableEntity(run, key[(slash + 1)..].Replace('/', ' ')) { ["Value"] = value }, TableUpdateMode.Replace);
    }

    public async Task<int> CountAsync(string key)
    {
        while (true)
        {
            var row = await _table.GetEntityIfExistsAsync<TableEntity>("count", key);
            var count = (row.HasValue ? row.Value!.GetInt32("Value")!.Value : 0) + 1;
            var entity = new TableEntity("count", key) { ["Value"] = count };
            try
            {
                _ = row.HasValue ? await _table.UpdateEntityAsync(entity, row.Value!.ETag, TableUpdateMode.Replace) : await _table.AddEntityAsync(entity);
                return count;
            }
            catch (Azure.RequestFailedException e) when (e.Status is 409 or 412)
            {
                // Another attempt was faster.
            }
        }
    }

    /// <summary>All effects of a hub: which top-level run, and what.</summary>
    public static async Task<List<(string Run, string Effect)>> AllAsync(string connection, string hub)
    {
        var all = new List<(string, string)>();
        await foreach (var row in new TableClient(connection, hub + "Effects").QueryAsync<TableEntity>("PartitionKey ne 'count' and PartitionKey ne 'child'"))
        {
            all.Add((row.PartitionKey, $"{row.RowKey}={row.GetString("Value")}"));
        }

        return all;
    }
}
