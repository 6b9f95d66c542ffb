using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Keys;
using Mlops.Local.Storage;

namespace Mlops.Local.Hosting;

/// <summary>Says what runs and where, and keeps <c>ready.json</c> in the data folder while the host serves, for scripts and tests that wait for it.</summary>
internal sealed class Announcement(IServer server, IHostApplicationLifetime lifetime, FunctionCatalog catalog, LocalOptions options, KeyRing keys, StorageConnections connections, ILogger<Announcement> log) : IHostedService
{
    private string ReadyFile => Path.Combine(options.DataDirectory, "ready.json");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(options.DataDirectory);
        File.Delete(ReadyFile);
        lifetime.ApplicationStarted.Register(Announce);
        lifetime.ApplicationStopping.Register(() =>
        {
            log.Stopping();
            File.Delete(ReadyFile);
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Announce()
    {
        var url = server.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var kinds = catalog.All.GroupBy(f => f.TriggerType).OrderByDescending(g => g.Count()).Select(g => $"{g.Count()} {g.Key}");
        log.Functions(catalog.All.Count, string.Join(", ", kinds));
        log.Data(Path.GetFullPath(options.DataDirectory), connections.Blobs().Uri.ToString());
        if (options.EnforceKeys)
        {
            log.Keys(keys.File);
        }

        var temporary = ReadyFile + ".tmp";
        File.WriteAllText(temporary, JsonSerializer.Serialize(new { url, processId = Environment.ProcessId, storage = options.AzuriteConnection }));
        File.Move(temporary, ReadyFile, overwrite: true);
        // The one line that scripts may look for, whatever the log's level and form.
        Console.WriteLine($"Listening on {url}");
    }
}
