using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Engine;

/// <summary>Something for an instance. Messages lie in memory only; what must survive is in the store before its sender is told so.</summary>
internal abstract record Message;

/// <summary>A message whose sender waits until its effect is stored.</summary>
internal abstract record Request : Message
{
    private readonly TaskCompletionSource<RequestOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the effect is stored or refused.</summary>
    public Task<RequestOutcome> Outcome => _outcome.Task;

    public void Complete(RequestOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Cancel() => _outcome.TrySetCanceled();
}

/// <summary>Look after the instance: it may have something to do.</summary>
/// <param name="ETag">The row's ETag as just read; another one than known means that another process has changed it.</param>
internal sealed record Wake(string? ETag = null) : Message;

/// <summary>Begin the instance.</summary>
/// <param name="Instance">The new row.</param>
/// <param name="Input">The input.</param>
/// <param name="Replaceable">The statuses in which an existing instance of the id is replaced.</param>
internal sealed record Start(InstanceRecord Instance, string? Input, IReadOnlySet<OrchestrationRuntimeStatus> Replaceable) : Request;

/// <summary>An activity has ended.</summary>
internal sealed record ActivityEnded(string Origin, string Key, string? Output, TaskFailureDetails? Failure) : Message;

/// <summary>A sub-orchestration has ended.</summary>
internal sealed record ChildEnded(string InstanceId, string Key, string? Output, TaskFailureDetails? Failure) : Message;

/// <summary>A timer is due.</summary>
internal sealed record TimerDue(string Origin, int Generation, int Id) : Message;

/// <summary>An external event.</summary>
internal sealed record RaiseEvent(string Name, string? Payload, string Key) : Request;

/// <summary>What the instance has sent under a key is stored at its receiver.</summary>
internal sealed record SendDelivered(string Key) : Message;

/// <summary>Pause.</summary>
internal sealed record Suspend(string? Reason) : Request;

/// <summary>Go on.</summary>
internal sealed record Resume(string? Reason) : Request;

/// <summary>End.</summary>
internal sealed record Terminate(string? Output, bool Recursive) : Request;

/// <summary>Remove, if ended.</summary>
internal sealed record Purge : Request;

/// <summary>The orchestrator has left its thread in this turn of the actor.</summary>
internal sealed record ThreadLeft(int Turn) : Message;
