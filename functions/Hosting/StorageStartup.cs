using Microsoft.Extensions.Hosting;
using Mlops.Storage;

namespace Mlops.Functions.Hosting;

/// <summary>Makes missing containers, queues and tables. The worker is connected before services of the app start: an invocation at the very first start may find them missing.</summary>
internal sealed class StorageStartup(StorageBootstrap bootstrap) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => bootstrap.CreateAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
