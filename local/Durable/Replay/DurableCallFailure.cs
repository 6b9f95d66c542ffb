using Microsoft.DurableTask;

namespace Mlops.Local.Durable.Replay;

/// <summary>Carries a stored failure from the history to the call that awaits it.</summary>
internal sealed class DurableCallFailure(TaskFailureDetails details) : Exception(details.ErrorMessage)
{
    public TaskFailureDetails Details { get; } = details;
}
