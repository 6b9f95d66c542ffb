using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Mlops.Local.Durable.Client;
using Mlops.Local.Durable.Engine;
using Mlops.Local.Durable.Http;
using Mlops.Local.Durable.Storage;
using Mlops.Local.Hosting;
using Mlops.Local.Keys;

namespace Mlops.Local.Durable;

/// <summary>Durable Functions in the embedded host.</summary>
internal static class DurableServices
{
    /// <summary>Adds the engine, its client and the management API. Needs what the host itself registers.</summary>
    public static IServiceCollection AddDurable(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => DurableSettings.Read(provider.GetRequiredService<HostJson>().DurableTask));
        services.AddSingleton<DataConverter>(provider => new ObjectSerializerConverter(WorkerSerializer.Of(provider)));
        services.AddSingleton<IDurableFunctions, WorkerDurableFunctions>();
        services.AddSingleton<IDurableStore>(provider =>
        {
            var settings = provider.GetRequiredService<DurableSettings>();
            var connection = provider.GetRequiredService<AppSettings>().Find(settings.ConnectionName)
                ?? throw new InvalidOperationException($"The setting '{settings.ConnectionName}' is missing: host.json's durableTask section names it as the storage connection of the task hub. Set it to a connection string.");
            return new TableDurableStore(new TableServiceClient(connection), new BlobServiceClient(connection), settings.HubName);
        });
        services.AddSingleton(provider => new DurableEngine(
            provider.GetRequiredService<IDurableStore>(),
            provider.GetRequiredService<IDurableFunctions>(),
            provider.GetRequiredService<DataConverter>(),
            provider.GetRequiredService<DurableSettings>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<LocalOptions>();
            var query = options.EnforceKeys ? "code=" + Uri.EscapeDataString(provider.GetRequiredService<KeyRing>().Extension(ManagementEndpoints.SystemKey)) : "";
            return new LocalDurableTaskClient(provider.GetRequiredService<DurableEngine>(), $"http://127.0.0.1:{options.Port}", query);
        });
        services.AddSingleton<DurableTaskClient>(provider => provider.GetRequiredService<LocalDurableTaskClient>());
        services.AddSingleton<IParameterBinder, DurableClientBinder>();
        services.AddSingleton<IEndpointContributor, ManagementEndpoints>();
        services.AddHostedService(provider => provider.GetRequiredService<DurableEngine>());
        return services;
    }
}
