using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Replay;

/// <summary>Takes one turn of an orchestrator: runs it from its beginning over the whole history and then over what has newly arrived.</summary>
/// <remarks>Everything that decides what the code sees, the order of arrivals and the time of each turn, is in the history, so a replay can only differ when the code does.</remarks>
internal sealed class OrchestrationTurn(IDurableFunctions functions, DataConverter converter, DurableSettings settings, ILoggerFactory loggers)
{
    /// <summary>Takes a turn.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="history">Its history, with the new arrivals last.</param>
    /// <param name="now">The time of the new turn.</param>
    /// <param name="onViolation">Called, from any thread and also later, when the orchestrator turns out to have left its thread.</param>
    public TurnResult Run(InstanceRecord instance, IReadOnlyList<HistoryRecord> history, DateTimeOffset now, Action onViolation)
    {
        if (!functions.HasOrchestrator(instance.Name))
        {
            return new TurnResult(now, [], TurnOutcome.Failed, null, MissingFunction.Orchestrator(instance.Name), null, default, new HashSet<int>());
        }

        var turns = Divide(history, now);
        var start = turns[0].Arrivals.FirstOrDefault(record => record.Kind == HistoryKind.ExecutionStarted)
            ?? throw new InvalidDataException($"The history of instance '{instance.InstanceId}' does not begin with its start.");
        var recorded = history.Where(record => record.IsCall).ToDictionary(record => record.Id);
        var thread = new TurnSynchronizationContext(onViolation);
        var context = new ReplayContext(instance, start.Payload, recorded, thread, converter, settings, loggers);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(thread);
        try
        {
            var run = Replay(instance, start, turns, context, thread);
            return Judge(context, thread, run);
        }
        finally
        {
            thread.Close();
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private static List<Turn> Divide(IReadOnlyList<HistoryRecord> history, DateTimeOffset now)
    {
        var turns = new List<Turn>();
        var arrivals = new List<HistoryRecord>();
        var calls = 0;
        foreach (var record in history)
        {
            if (record.Kind == HistoryKind.TurnStarted)
            {
                turns.Add(new Turn(record.Time, arrivals) { RecordedEnd = calls });
                arrivals = [];
            }
            else if (record.IsArrival)
            {
                arrivals.Add(record);
            }
            else if (record.IsCall)
            {
                turns[^1].RecordedEnd = ++calls;
            }
        }

        turns.Add(new Turn(now, arrivals));
        return turns;
    }

    private Task<object?> Replay(InstanceRecord instance, HistoryRecord start, List<Turn> turns, ReplayContext context, TurnSynchronizationContext thread)
    {
        Task<object?>? run = null;
        foreach (var turn in turns)
        {
            context.BeginTurn(turn.Time, turn.RecordedEnd);
            for (var i = 0; i < turn.Arrivals.Count; i++)
            {
                var arrival = turn.Arrivals[i];
                if (arrival == start)
                {
                    run = functions.RunOrchestratorAsync(instance.Name, context, start.Payload);
                }
                else
                {
                    context.Deliver(arrival);
                }

                thread.Drain();
                if (context.Fault is not null)
                {
                    return run!;
                }

                if (run is { IsCompleted: true })
                {
                    if (turn.RecordedEnd is not null)
                    {
                        context.ReturnTooEarly();
                    }

                    // What arrived after the end of this generation may still matter to the next.
                    foreach (var late in turn.Arrivals.Skip(i + 1).Where(record => record.Kind == HistoryKind.EventRaised))
                    {
                        context.Buffer(late);
                    }

                    return run;
                }
            }

            if (turn.RecordedEnd is not null)
            {
                context.EndRecordedTurn();
                if (context.Fault is not null)
                {
                    return run!;
                }
            }
        }

        return run!;
    }

    private TurnResult Judge(ReplayContext context, TurnSynchronizationContext thread, Task<object?> run)
    {
        if (context.Fault is { } fault)
        {
            return Failed(context, TaskFailureDetails.FromException(fault));
        }

        if (thread.Violated)
        {
            return Failed(context, Illegal());
        }

        if (run.IsCompletedSuccessfully)
        {
            if (context.Next is { } next)
            {
                return Result(context, TurnOutcome.ContinuedAsNew) with { Next = next };
            }

            string? output;
            try
            {
                output = converter.Serialize(run.Result);
            }
            catch (Exception e)
            {
                return Failed(context, TaskFailureDetails.FromException(e));
            }

            return Result(context, TurnOutcome.Completed) with { Output = output };
        }

        if (run.IsCompleted)
        {
            return Failed(context, TaskFailureDetails.FromException(run.Exception?.InnerException ?? new TaskCanceledException(run)));
        }

        if (!context.CanWake)
        {
            return Failed(context, Illegal());
        }

        // Nothing but the next turn may complete this one; if something does, it was awaited and is not durable.
        run.ContinueWith(_ => thread.Violate(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return Result(context, TurnOutcome.Waiting);
    }

    private static TaskFailureDetails Illegal() => TaskFailureDetails.FromException(new InvalidOperationException(IllegalAwait.Message));

    private static TurnResult Failed(ReplayContext context, TaskFailureDetails failure) => Result(context, TurnOutcome.Failed) with { Failure = failure };

    private static TurnResult Result(ReplayContext context, TurnOutcome outcome)
        => new(context.Now, context.NewCalls, outcome, null, null, null, context.CustomStatus, context.LiveTimers);

    private sealed class Turn(DateTimeOffset time, List<HistoryRecord> arrivals)
    {
        public DateTimeOffset Time { get; } = time;

        public List<HistoryRecord> Arrivals { get; } = arrivals;

        /// <summary>The number of calls in the history at the turn's end; null for the new turn.</summary>
        public int? RecordedEnd { get; set; }
    }
}
