using System.Diagnostics;
using Mlops.Functions.Arrival;
using Mlops.Storage.Notifications;

namespace Mlops.Functions.Notifications;

/// <summary>Tells those whom a model's configuration names what happened to it. Telling again has the same id.</summary>
public sealed class Notifier(ConfigurationReader configurations, WebhookQueue queue, TimeProvider time)
{
    /// <summary>A pipeline ended as failed.</summary>
    public const string PipelineFailed = "Mlops.PipelineFailed";

    /// <summary>A version became the champion by its rollout.</summary>
    public const string ModelPromoted = "Mlops.ModelPromoted";

    /// <summary>A canary was taken back.</summary>
    public const string CanaryRolledBack = "Mlops.CanaryRolledBack";

    /// <summary>Puts one event on its way to every address of the model.</summary>
    public async Task TellAsync(string id, string type, string model, string summary, CancellationToken cancellationToken)
    {
        foreach (string address in (await configurations.ReadOrDefaultAsync(model, cancellationToken)).Notifications.Webhooks)
        {
            await queue.SendAsync(new WebhookMessage(address, id, type, model, Bounded.Reason(summary), time.GetUtcNow(), Activity.Current?.Id), cancellationToken);
        }
    }
}
