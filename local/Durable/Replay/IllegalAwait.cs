namespace Mlops.Local.Durable.Replay;

/// <summary>The failure of an orchestrator that awaits something that is not durable.</summary>
internal static class IllegalAwait
{
    public const string Message = "An invalid asynchronous invocation was detected: the orchestrator, or middleware around it, has awaited a task that its context did not give it, "
        + "or has used its context on a non-orchestrator thread. Await only tasks of TaskOrchestrationContext (and Task.WhenAll or Task.WhenAny of them), without ConfigureAwait(false); "
        + "move Task.Delay to CreateTimer, and I/O, Task.Run and locks into an activity.";
}
