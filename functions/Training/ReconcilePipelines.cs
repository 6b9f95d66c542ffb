using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;

namespace Mlops.Functions.Training;

/// <summary>Ends pipelines whose orchestration was terminated or lost before it could say how it ended, so that their work may be taken up again.</summary>
public sealed class ReconcilePipelines(RegistryStore registry, PipelineStore pipelines)
{
    private const int Newest = 50;

    [Function(nameof(ReconcilePipelines))]
    public async Task Run([TimerTrigger("0 5/10 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach (string model in await registry.ListModelsAsync(cancellationToken))
        {
            foreach (PipelineRecord pipeline in await pipelines.ListAsync(model, Newest, cancellationToken))
            {
                // The outcome is looked for again once the orchestration is known to be over: it may have been recorded between the two.
                if (await pipelines.FindOutcomeAsync(pipeline.Id, cancellationToken) is null
                    && await client.GetInstanceAsync(pipeline.Id, cancellationToken) is { IsCompleted: true } instance
                    && await pipelines.FindOutcomeAsync(pipeline.Id, cancellationToken) is null)
                {
                    await pipelines.SetOutcomeAsync(pipeline.Id, "failed", $"the orchestration ended as {instance.RuntimeStatus} before it recorded an outcome", null, cancellationToken);
                }
            }
        }
    }
}
