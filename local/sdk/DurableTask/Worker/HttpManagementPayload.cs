namespace Microsoft.Azure.Functions.Worker;

/// <summary>The addresses by which one instance is watched and steered over HTTP.</summary>
public class HttpManagementPayload
{
    /// <summary>The instance id.</summary>
    public string? Id { get; internal set; }

    /// <summary>DELETE: removes the ended instance and its history.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>POST: starts the ended instance again.</summary>
    public string? RestartPostUri { get; internal set; }

    /// <summary>POST: lets the paused instance go on.</summary>
    public string? ResumePostUri { get; internal set; }

    /// <summary>POST: sends an event; <c>{eventName}</c> is to be replaced.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>GET: the instance's status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: pauses the instance.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: ends the instance.</summary>
    public string? TerminatePostUri { get; internal set; }
}
