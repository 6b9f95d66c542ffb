using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Mlops.Functions.Tests.Arrival;

/// <summary>Takes note of what is scheduled; an instance that was scheduled exists from then on.</summary>
internal sealed class RecordingClient() : DurableTaskClient("test")
{
    public List<string> Scheduled { get; } = [];

    /// <summary>Instances that cannot be scheduled.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>The status that every scheduled instance shows.</summary>
    public OrchestrationRuntimeStatus Status { get; set; } = OrchestrationRuntimeStatus.Running;

    /// <summary>What happens just before an instance is looked at.</summary>
    public Func<string, Task> BeforeLook { get; set; } = _ => Task.CompletedTask;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (Refused.Contains(options!.InstanceId!))
        {
            throw new InvalidOperationException($"{options.InstanceId} is refused.");
        }

        lock (Scheduled)
        {
            Scheduled.Add(options.InstanceId!);
        }

        return Task.FromResult(options.InstanceId!);
    }

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        await BeforeLook(instanceId);
        lock (Scheduled)
        {
            return Scheduled.Contains(instanceId) ? new OrchestrationMetadata("TrainingPipeline", instanceId) { RuntimeStatus = Status } : null;
        }
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw new NotSupportedException();

    public override Microsoft.DurableTask.AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => throw new NotSupportedException();
}
