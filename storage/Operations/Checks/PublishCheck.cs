using Mlops.Storage.Monitoring;
using Mlops.Storage.Registry;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Did the events of declared drift get out? Publishing one to try it would start a retraining.</summary>
internal sealed class PublishCheck(StorageConnection connection, TimeProvider time)
{
    private const int MaximumModels = 100;

    // A check of drift publishes what the one before could not.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(2);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        DriftStore drift = new(connection);
        foreach (string model in (await new RegistryStore(connection, time).ListModelsAsync(cancellationToken)).Take(MaximumModels))
        {
            foreach (DriftSummary summary in await drift.ListAsync(model, 3, cancellationToken))
            {
                if (!summary.Published && time.GetUtcNow() - summary.Time > Patience)
                {
                    return [Finding.Error(
                        "events",
                        $"the event of drift report {summary.Id} of '{model}' could not be published: its retraining was never asked for",
                        "az role assignment list --assignee \"$AZURE_CLIENT_ID\" --all --query '[].roleDefinitionName'   # expected: EventGrid Data Sender on the platform topic\nazd provision")];
                }
            }
        }

        return [Finding.Ok("events", "every declared drift was published")];
    }
}
