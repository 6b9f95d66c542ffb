using Microsoft.Extensions.Hosting;
using Mlops.Storage;

namespace Mlops.Functions.Hosting;

/// <summary>Makes missing containers, queues and tables before the first function runs.</summary>
internal sealed class StorageStartup(StorageBootstrap bootstrap) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => bootstrap.CreateAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
