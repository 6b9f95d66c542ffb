namespace Mlops.Local.Durable.Replay;

/// <summary>How a turn ends.</summary>
internal enum TurnOutcome
{
    /// <summary>The orchestrator waits for something.</summary>
    Waiting,

    /// <summary>It has returned.</summary>
    Completed,

    /// <summary>It has thrown.</summary>
    Failed,

    /// <summary>It has asked for a new generation.</summary>
    ContinuedAsNew,
}
