using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Functions.Arrival;
using Mlops.Functions.Deployment;
using Mlops.Functions.Inference;
using Mlops.Functions.Monitoring;
using Mlops.Functions.Retraining;
using Mlops.Functions.Training;
using Mlops.Storage;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.Storage.Lineage;
using Mlops.Storage.Monitoring;
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
            .AddSingleton(new StorageConnection(Setting))
            .AddSingleton(provider => new PlatformEvents(provider.GetRequiredService<StorageConnection>(), Setting))
            .AddSingleton<StorageBootstrap>()
            .AddSingleton<DropZone>()
            .AddSingleton<ArrivalStore>()
            .AddSingleton<DatasetStore>()
            .AddSingleton<QuarantineStore>()
            .AddSingleton<PipelineStore>()
            .AddSingleton<RunStore>()
            .AddSingleton<CheckpointStore>()
            .AddSingleton<RegistryStore>()
            .AddSingleton<LineageStore>()
            .AddSingleton<PredictionLog>()
            .AddSingleton<TrafficStore>()
            .AddSingleton<FeedbackStore>()
            .AddSingleton<DriftStore>()
            .AddSingleton<RetrainingStore>()
            .AddHostedService<StorageStartup>();
    }

    public static IServiceCollection AddStages(this IServiceCollection services) => services
        .AddSingleton<ArrivalService>()
        .AddSingleton<ConfigurationReader>()
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
        .AddSingleton<PredictionLogWriter>()
        .AddHostedService(provider => provider.GetRequiredService<PredictionLogWriter>());
}
