using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Functions.Access;
using Mlops.Functions.Arrival;
using Mlops.Functions.Configuration;
using Mlops.Functions.Costs;
using Mlops.Functions.Deployment;
using Mlops.Functions.Inference;
using Mlops.Functions.Monitoring;
using Mlops.Functions.Notifications;
using Mlops.Functions.Operations;
using Mlops.Functions.Retraining;
using Mlops.Functions.Training;
using Mlops.Storage;
using Mlops.Storage.Access;
using Mlops.Storage.Arrival;
using Mlops.Storage.Costs;
using Mlops.Storage.Datasets;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Lineage;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Notifications;
using Mlops.Storage.Operations;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.Storage.Retraining;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Hosting;

/// <summary>The map of the app: what lies in storage, then the services behind the functions, stage by stage.</summary>
internal static class ServiceRegistration
{
    public static IServiceCollection AddStores(this IServiceCollection services, IConfiguration configuration)
    {
        // Settings come as environment variables; configuration spells their double underscores as colons.
        string? Setting(string name) => configuration[name.Replace("__", ":", StringComparison.Ordinal)];
        return services
            .AddSingleton(TimeProvider.System)
            .AddSingleton<UsageMeter>()
            .AddSingleton(provider => new StorageConnection(Setting, provider.GetRequiredService<UsageMeter>()))
            .AddSingleton(new CostOptions(InstanceMemory.Gigabytes(Setting), TimerSchedules.ExecutionsPerMonth(Setting)))
            .AddSingleton<UsageStore>()
            .AddSingleton<BlobSizes>()
            .AddSingleton<PoisonQueues>()
            .AddSingleton(provider => new PlatformEvents(provider.GetRequiredService<StorageConnection>(), Setting))
            .AddSingleton(AccessOptions.Read(Setting))
            .AddSingleton(WebhookOptions.Read(Setting))
            .AddSingleton<WebhookQueue>()
            .AddSingleton<StorageBootstrap>()
            .AddSingleton<TokenStore>()
            .AddSingleton<DropZone>()
            .AddSingleton<ConfigurationFiles>()
            .AddSingleton<ArrivalStore>()
            .AddSingleton<DatasetStore>()
            .AddSingleton<QuarantineStore>()
            .AddSingleton<PipelineStore>()
            .AddSingleton<RunStore>()
            .AddSingleton<CheckpointStore>()
            .AddSingleton<RegistryStore>()
            .AddSingleton<LedgerAnchors>()
            .AddSingleton<LineageStore>()
            .AddSingleton<PredictionLog>()
            .AddSingleton<TrafficStore>()
            .AddSingleton<TrafficTotals>()
            .AddSingleton<PipelineOutcomes>()
            .AddSingleton<QueueMeter>()
            .AddSingleton<HeartbeatStore>()
            .AddSingleton(provider => new Doctor(Setting, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<FeedbackStore>()
            .AddSingleton<DriftStore>()
            .AddSingleton<CanaryQuality>()
            .AddSingleton<RetrainingStore>()
            .AddHostedService<StorageStartup>();
    }

    public static IServiceCollection AddStages(this IServiceCollection services) => services
        .AddSingleton<TokenVerifier>()
        .AddSingleton<RequestLimits>()
        .AddSingleton<AccessGuard>()
        .AddSingleton<ArrivalService>()
        .AddSingleton<ConfigurationReader>()
        .AddSingleton<KeptBatches>()
        .AddSingleton<ConfigurationService>()
        .AddSingleton<Notifier>()
        .AddSingleton(provider => new WebhookSender(provider.GetRequiredService<WebhookOptions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<PipelineSteps>()
        .AddSingleton<BatchLoader>()
        .AddSingleton<TrainingData>()
        .AddSingleton<TrackedTraining>()
        .AddSingleton<FeedbackDataset>()
        .AddSingleton<RolloutService>()
        .AddSingleton<ModelCache>()
        .AddSingleton<TrafficCache>()
        .AddSingleton<PredictionService>()
        .AddSingleton<RowExplainer>()
        .AddSingleton<DriftMonitor>()
        .AddSingleton<RetrainingService>()
        .AddSingleton<UsageWriter>()
        .AddHostedService(provider => provider.GetRequiredService<UsageWriter>())
        .AddSingleton<PlatformState>()
        .AddSingleton<AppChecks>()
        .AddSingleton<PredictionLogWriter>()
        .AddHostedService(provider => provider.GetRequiredService<PredictionLogWriter>());
}
