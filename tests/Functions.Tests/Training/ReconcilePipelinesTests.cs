using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Mlops.Functions.Tests.Arrival;
using Mlops.Functions.Training;
using Mlops.Storage;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Training;

public class ReconcilePipelinesTests(AzuriteFixture azurite)
{
    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Terminated, "failed")]
    [InlineData(OrchestrationRuntimeStatus.Failed, "failed")]
    [InlineData(OrchestrationRuntimeStatus.Running, null)]
    public async Task Run_EndsAPipeline_OnlyWhenItsOrchestrationIsOver(OrchestrationRuntimeStatus status, string? expected)
    {
        (PipelineStore pipelines, ReconcilePipelines reconcile, RecordingClient client, string id) = await OpenAsync();
        client.Status = status;
        await reconcile.Run(new TimerInfo(), client, CancellationToken.None);
        Assert.Equal(expected, (await pipelines.FindOutcomeAsync(id, CancellationToken.None))?.Status);
    }

    [Fact]
    public async Task Run_KeepsTheOutcome_ThatAPipelineRecorded()
    {
        (PipelineStore pipelines, ReconcilePipelines reconcile, RecordingClient client, string id) = await OpenAsync();
        client.Status = OrchestrationRuntimeStatus.Completed;
        await pipelines.SetOutcomeAsync(id, "promoted", "good", 1, CancellationToken.None);
        await reconcile.Run(new TimerInfo(), client, CancellationToken.None);
        Assert.Equal("promoted", (await pipelines.FindOutcomeAsync(id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task Run_KeepsTheOutcome_ThatAPipelineRecordsWhileItIsLookedAt()
    {
        (PipelineStore pipelines, ReconcilePipelines reconcile, RecordingClient client, string id) = await OpenAsync();
        client.Status = OrchestrationRuntimeStatus.Completed;
        client.BeforeLook = looked => looked == id ? pipelines.SetOutcomeAsync(id, "rejected", "worse", 1, CancellationToken.None) : Task.CompletedTask;
        await reconcile.Run(new TimerInfo(), client, CancellationToken.None);
        Assert.Equal("rejected", (await pipelines.FindOutcomeAsync(id, CancellationToken.None))!.Status);
    }

    private async Task<(PipelineStore Pipelines, ReconcilePipelines Reconcile, RecordingClient Client, string Id)> OpenAsync()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        PipelineStore pipelines = new(connection, TimeProvider.System);
        RegistryStore registry = new(connection, TimeProvider.System);
        string model = TestNames.Model();
        await registry.AddModelAsync(model, CancellationToken.None);
        await pipelines.AddAsync(new PipelineRecord($"{model}-1", model, "data", "f.csv", DateTimeOffset.UtcNow), CancellationToken.None);
        RecordingClient client = new();
        client.Scheduled.Add($"{model}-1");
        return (pipelines, new ReconcilePipelines(registry, pipelines), client, $"{model}-1");
    }
}
