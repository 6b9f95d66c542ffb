using Microsoft.DurableTask;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Replay;

/// <summary>What a turn of an orchestrator has come to.</summary>
/// <param name="Time">The turn's time.</param>
/// <param name="Calls">The calls it has newly made, in order.</param>
/// <param name="Outcome">Whether it waits or how it has ended.</param>
/// <param name="Output">The result of a completed orchestrator.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Next">How a new generation begins.</param>
/// <param name="CustomStatus">What it has set, if it has set anything.</param>
/// <param name="LiveTimers">Numbers of timers that it still wants.</param>
internal sealed record TurnResult(
    DateTimeOffset Time,
    IReadOnlyList<HistoryRecord> Calls,
    TurnOutcome Outcome,
    string? Output,
    TaskFailureDetails? Failure,
    NextGeneration? Next,
    (bool IsSet, string? Value) CustomStatus,
    IReadOnlySet<int> LiveTimers);
