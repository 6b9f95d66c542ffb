using Microsoft.DurableTask;

namespace Mlops.Local.Durable.Replay;

/// <summary>The failures of calls to functions that do not exist.</summary>
internal static class MissingFunction
{
    public static TaskFailureDetails Orchestrator(string name)
        => StoredFailure.Final(typeof(InvalidOperationException).FullName!, $"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.");

    public static TaskFailureDetails Activity(string name)
        => StoredFailure.Final(typeof(InvalidOperationException).FullName!, $"The function '{name}' doesn't exist, is disabled, or is not an activity function.");
}
