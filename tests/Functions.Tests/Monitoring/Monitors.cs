using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Arrival;
using Mlops.Functions.Inference;
using Mlops.Functions.Monitoring;
using Mlops.Functions.Notifications;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.Storage.Feedback;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Notifications;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Retraining;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Tests.Monitoring;

/// <summary>The drift check of a model that serves, on that model's clock.</summary>
internal static class Monitors
{
    public static DriftMonitor Of(Served served)
    {
        ConfigurationReader configurations = new(new ConfigurationFiles(served.Connection));
        ModelCache models = new(served.Registry, new PipelineStore(served.Connection, served.Time), NullLogger<ModelCache>.Instance);
        return new DriftMonitor(
            served.Registry, served.Predictions, new DatasetStore(served.Connection, served.Time), models, new DriftStore(served.Connection), new RunStore(served.Connection),
            new FeedbackStore(served.Connection, served.Time), new PlatformEvents(served.Connection, _ => null), new Notifier(configurations, new WebhookQueue(served.Connection), served.Time),
            configurations, new ConfigurationBuilder().Build(), served.Time, NullLogger<DriftMonitor>.Instance);
    }
}
