using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Replay;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Durable.Engine;

/// <summary>Owns one instance in this process: takes its messages in order, stores what follows, and only then lets effects begin.</summary>
/// <remarks>
/// One round of the pump:
/// 1. turn messages into records of the history; store them at once when a sender waits;
/// 2. let the orchestrator take a turn when something has arrived for it;
/// 3. store the records, with the row as commit marker;
/// 4. begin whatever the stored history leaves open and this process has not begun yet.
/// A crash loses messages in memory only. Each of them either was not acknowledged or follows from the store again: a start of the host reads
/// the active instances and begins what their histories leave open.
/// </remarks>
internal sealed class InstanceActor(string instanceId, DurableEngine engine)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private List<Message> _mailbox = [];
    private bool _pumping;
    private bool _closed;
    private InstanceState? _state;
    private bool _loaded;
    private IReadOnlySet<int>? _liveTimers;
    private int _turn;
    private bool _uncertain;

    /// <summary>Adds a message; false when the actor has been let go and another must be asked for.</summary>
    public bool TryPost(Message message)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _mailbox.Add(message);
            if (!_pumping)
            {
                _pumping = true;
                _ = Task.Run(PumpAsync, CancellationToken.None);
            }

            return true;
        }
    }

    private async Task PumpAsync()
    {
        List<Message> batch = [];
        var failures = 0;
        while (true)
        {
            lock (_lock)
            {
                batch.AddRange(_mailbox);
                _mailbox = [];
                if (batch.Count == 0 && _loaded && !ShouldTurn)
                {
                    _pumping = false;
                    if (CanClose)
                    {
                        _closed = true;
                        engine.Release(instanceId, this);
                    }

                    return;
                }
            }

            try
            {
                await RoundAsync(batch);
                batch.Clear();
                failures = 0;
            }
            catch (OperationCanceledException) when (engine.Stopping.IsCancellationRequested)
            {
                Abandon(batch);
                return;
            }
            catch (Exception e)
            {
                // What is in memory may differ from the store: read it again and apply the messages to that. Every message can be applied twice.
                Forget();
                _uncertain = true;
                if (e is StoreConflictException)
                {
                    engine.Log.ChangedElsewhere(instanceId);
                }
                else
                {
                    engine.Log.RoundFailed(e, instanceId);
                }

                try
                {
                    await engine.PauseAsync(e is StoreConflictException && failures == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(30, 0.1 * Math.Pow(2, Math.Min(failures, 10)))));
                }
                catch (OperationCanceledException)
                {
                    Abandon(batch);
                    return;
                }

                failures++;
            }
        }
    }

    private bool CanClose => _state is null || !_state.Instance.Active;

    private void Forget()
    {
        _loaded = false;
        _state = null;
        _liveTimers = null;
    }

    private void Abandon(List<Message> batch)
    {
        lock (_lock)
        {
            _closed = true;
            batch.AddRange(_mailbox);
        }

        batch.OfType<Request>().ToList().ForEach(request => request.Cancel());
    }

    private async Task RoundAsync(List<Message> batch)
    {
        if (!_loaded || batch.OfType<Wake>().Any(wake => wake.ETag is { } seen && seen != _state?.Instance.ETag))
        {
            await LoadAsync();
        }

        // 1. Messages become records.
        var round = new Round(_state);
        var answers = new List<(Request Request, RequestOutcome Outcome)>();
        foreach (var message in batch)
        {
            if (Apply(message, round) is { } outcome && message is Request request)
            {
                answers.Add((request, outcome));
            }
        }

        if (round.Remove)
        {
            await engine.Store.DeleteAsync(round.State!.Instance, engine.Stopping);
            _state = null;
            engine.Signals.Changed(instanceId);
        }
        else
        {
            _state = round.State;
            if (round.IsChanged && (answers.Count > 0 || !ShouldTurn))
            {
                await CommitAsync(round);
                batch.Clear();
            }
        }

        answers.ForEach(answer => answer.Request.Complete(answer.Outcome));

        // 2. and 3. The orchestrator's turn, and its commit. A new generation takes its first turn in the next round.
        if (ShouldTurn)
        {
            var turn = ++_turn;
            var result = await engine.TurnAsync(_state!, () => TryPost(new ThreadLeft(turn)));
            Conclude(result, round);
            await CommitAsync(round);
        }

        // 4. Effects.
        Begin();
    }

    private bool ShouldTurn => _state is { HasNews: true, Suspended: false } state && !state.Instance.IsEnded
        && (state.Instance.ScheduledStart is not { } start || start <= engine.Time.GetUtcNow());

    private async Task LoadAsync()
    {
        Forget();
        if (await engine.Store.ReadAsync(instanceId, engine.Stopping) is { } instance)
        {
            _state = new InstanceState(instance, await engine.Store.ReadHistoryAsync(instance, engine.Stopping));
        }

        _loaded = true;
        if (_uncertain)
        {
            // The commit that seemed to fail may have been stored: then nobody has been told.
            _uncertain = false;
            engine.Signals.Changed(instanceId);
            if (_state is { Instance.IsEnded: true })
            {
                engine.Ended(_state);
            }
        }
    }

    private RequestOutcome? Apply(Message message, Round round)
    {
        var now = engine.Time.GetUtcNow();
        var state = round.State;
        switch (message)
        {
            case Start start:
                return ApplyStart(start, round, now);
            case Request when state is null:
                return RequestOutcome.NotFound;
            case Purge:
                if (!state!.Instance.IsEnded)
                {
                    return RequestOutcome.Refused;
                }

                round.Remove = true;
                return RequestOutcome.Done;
            case RaiseEvent raised when state!.HasSeen(raised.Key):
                return RequestOutcome.Done;
            case Request when state!.Instance.IsEnded:
                return RequestOutcome.Ended;
            case RaiseEvent raised:
                round.Add(new HistoryRecord(HistoryKind.EventRaised, now) { Name = raised.Name, Payload = raised.Payload, Key = raised.Key });
                return RequestOutcome.Done;
            case Suspend suspend:
                if (!state.Suspended)
                {
                    round.Add(new HistoryRecord(HistoryKind.ExecutionSuspended, now) { Payload = suspend.Reason });
                    state.Instance = state.Instance with { Status = OrchestrationRuntimeStatus.Suspended };
                }

                return RequestOutcome.Done;
            case Resume resume:
                if (state.Suspended)
                {
                    round.Add(new HistoryRecord(HistoryKind.ExecutionResumed, now) { Payload = resume.Reason });
                    state.Instance = state.Instance with { Status = state.LastTurn == default ? OrchestrationRuntimeStatus.Pending : OrchestrationRuntimeStatus.Running };
                }

                return RequestOutcome.Done;
            case Terminate terminate:
                foreach (var child in terminate.Recursive ? state.OpenWork.Where(w => w.Value.Kind == HistoryKind.SubOrchestrationScheduled).ToList() : [])
                {
                    round.Add(new HistoryRecord(HistoryKind.TerminationSent, now) { Target = child.Value.Target, Payload = terminate.Output, Key = "t" + child.Key });
                }

                round.Add(new HistoryRecord(HistoryKind.ExecutionTerminated, now) { Payload = terminate.Output });
                End(state, OrchestrationRuntimeStatus.Terminated, terminate.Output, null, now);
                return RequestOutcome.Done;
            default:
                if (state is not null)
                {
                    ApplyInternal(message, round, state, now);
                }

                return null;
        }
    }

    private RequestOutcome ApplyStart(Start start, Round round, DateTimeOffset now)
    {
        var existing = round.State?.Instance;
        if (existing is not null && existing.Origin == start.Instance.Origin)
        {
            // The same start once more, after a crash or an answer that was lost.
            return existing.IsEnded ? RequestOutcome.Ended : RequestOutcome.Done;
        }

        if (existing is not null && !start.Replaceable.Contains(existing.Status))
        {
            return RequestOutcome.Refused;
        }

        var instance = start.Instance with { Generation = (existing?.Generation ?? 0) + 1, ETag = existing?.ETag, CreatedAt = now, Input = start.Input };
        round.Replace(new InstanceState(instance, []), existing is not null);
        round.Add(new HistoryRecord(HistoryKind.ExecutionStarted, now) { Name = instance.Name, Payload = start.Input, DueAt = instance.ScheduledStart });
        return RequestOutcome.Done;
    }

    private void ApplyInternal(Message message, Round round, InstanceState state, DateTimeOffset now)
    {
        switch (message)
        {
            case ActivityEnded ended when ended.Origin == state.Instance.Origin && state.OpenWork.TryGetValue(ended.Key, out var call):
                round.Add(Answer(call, ended.Failure is null ? HistoryKind.TaskCompleted : HistoryKind.TaskFailed, ended.Output, ended.Failure, now));
                break;
            case ChildEnded ended when state.OpenWork.TryGetValue(ended.Key, out var call) && call.Target == ended.InstanceId:
                round.Add(Answer(call, ended.Failure is null ? HistoryKind.SubOrchestrationCompleted : HistoryKind.SubOrchestrationFailed, ended.Output, ended.Failure, now));
                break;
            case TimerDue timer when timer.Origin == state.Instance.Origin && timer.Generation == state.Instance.Generation && !state.Instance.IsEnded && state.OpenTimers.ContainsKey(timer.Id) && _liveTimers?.Contains(timer.Id) != false:
                round.Add(new HistoryRecord(HistoryKind.TimerFired, now) { Id = timer.Id });
                break;
            case SendDelivered sent when state.OpenWork.TryGetValue(sent.Key, out var call):
                // A sub-orchestration that has begun answers in time; only where nobody listens any more is its beginning the end of the work.
                if (call.Kind != HistoryKind.SubOrchestrationScheduled || call.Carried || state.Instance.IsEnded)
                {
                    round.Add(new HistoryRecord(HistoryKind.Delivered, now) { Key = sent.Key });
                }

                break;
            case ThreadLeft left when left.Turn == _turn && !state.Instance.IsEnded:
                Fail(round, state, TaskFailureDetails.FromException(new InvalidOperationException(IllegalAwait.Message)), now);
                break;
        }
    }

    private static HistoryRecord Answer(HistoryRecord call, HistoryKind kind, string? output, TaskFailureDetails? failure, DateTimeOffset now)
        => new(kind, now) { Id = call.Id, Name = call.Name, Target = call.Target, Payload = failure is null ? output : StoredFailure.Write(failure), Key = call.Key, Carried = call.Carried };

    private void Conclude(TurnResult result, Round round)
    {
        var state = round.State!;
        var now = state.LastTurn > engine.Time.GetUtcNow() ? state.LastTurn : engine.Time.GetUtcNow();
        if (result.CustomStatus.IsSet)
        {
            state.Instance = state.Instance with { CustomStatus = result.CustomStatus.Value };
        }

        if (result.Outcome == TurnOutcome.ContinuedAsNew)
        {
            Renew(result, round, state, now);
            return;
        }

        round.Add(new HistoryRecord(HistoryKind.TurnStarted, result.Time));
        result.Calls.ToList().ForEach(round.Add);
        _liveTimers = result.LiveTimers;
        switch (result.Outcome)
        {
            case TurnOutcome.Completed:
                round.Add(new HistoryRecord(HistoryKind.ExecutionCompleted, now) { Payload = result.Output });
                End(state, OrchestrationRuntimeStatus.Completed, result.Output, null, now);
                break;
            case TurnOutcome.Failed:
                Fail(round, state, result.Failure!, now);
                break;
            default:
                state.Instance = state.Instance with { Status = OrchestrationRuntimeStatus.Running };
                break;
        }
    }

    private static void Renew(TurnResult result, Round round, InstanceState state, DateTimeOffset now)
    {
        var next = result.Next!;
        var old = state.Instance;
        var renewed = new InstanceState(
            old with { Generation = old.Generation + 1, Status = OrchestrationRuntimeStatus.Running, CreatedAt = now, Input = next.Input, ScheduledStart = null, Version = next.Version ?? old.Version }, []);

        // What this generation has begun, in earlier turns or in this one, goes on; its results reach nobody.
        result.Calls.ToList().ForEach(state.Append);
        var unfinished = state.OpenWork.Select(work => work.Value with { Key = work.Key, Carried = true }).ToList();
        round.Replace(renewed, true);
        round.Add(new HistoryRecord(HistoryKind.ExecutionStarted, now) { Name = renewed.Instance.Name, Payload = next.Input, Key = state.KeysForNextGeneration });
        unfinished.ForEach(round.Add);
        next.Events.ToList().ForEach(round.Add);
    }

    private static void Fail(Round round, InstanceState state, TaskFailureDetails failure, DateTimeOffset now)
    {
        var text = StoredFailure.Write(failure);
        round.Add(new HistoryRecord(HistoryKind.ExecutionCompleted, now) { Name = "Failed", Payload = text });
        End(state, OrchestrationRuntimeStatus.Failed, null, text, now);
    }

    private static void End(InstanceState state, OrchestrationRuntimeStatus status, string? output, string? failure, DateTimeOffset now)
        => state.Instance = state.Instance with { Status = status, Output = output, Failure = failure, CompletedAt = now };

    private async Task CommitAsync(Round round)
    {
        var state = round.State!;
        var instance = state.Instance;
        var wasEnded = round.WasEnded;
        instance = instance with { Active = !instance.IsEnded || state.OpenWork.Count > 0, Committed = state.History.Count, LastUpdatedAt = engine.Time.GetUtcNow() };
        _state = null;
        _loaded = false;
        state.Instance = await engine.Store.CommitAsync(instance, round.Added, engine.Stopping);
        _state = state;
        _loaded = true;
        if (round.IsReplaced)
        {
            _liveTimers = null;
            engine.Tidy(state.Instance);
        }

        round.Committed();
        engine.Signals.Changed(instanceId);
        if (state.Instance.IsEnded && !wasEnded)
        {
            engine.Ended(state);
        }
    }

    private void Begin()
    {
        if (_state is not { } state)
        {
            _begun.Clear();
            return;
        }

        _begun.IntersectWith([.. state.OpenWork.Keys, .. state.OpenTimers.Keys.Select(id => TimerKey(state, id)), StartKey(state)]);
        foreach (var (key, work) in state.OpenWork)
        {
            if (_begun.Add(key))
            {
                engine.Begin(state.Instance, key, work);
            }
        }

        if (state.Instance.IsEnded)
        {
            return;
        }

        foreach (var (id, timer) in state.OpenTimers)
        {
            if (_liveTimers?.Contains(id) != false && _begun.Add(TimerKey(state, id)))
            {
                var due = new TimerDue(state.Instance.Origin, state.Instance.Generation, id);
                engine.Timers.Add(timer.DueAt!.Value, () => engine.Post(instanceId, due));
            }
        }

        if (state.HasNews && state.Instance.ScheduledStart is { } start && start > engine.Time.GetUtcNow() && _begun.Add(StartKey(state)))
        {
            engine.Timers.Add(start, () => engine.Post(instanceId, new Wake()));
        }
    }

    private static string TimerKey(InstanceState state, int id) => "timer " + HistoryRecord.WorkKey(state.Instance.Generation, id);

    private static string StartKey(InstanceState state) => "start " + HistoryRecord.WorkKey(state.Instance.Generation, 0);

    /// <summary>What one round changes until it is stored.</summary>
    private sealed class Round
    {
        public Round(InstanceState? state)
        {
            State = state;
            Committed();
        }

        public InstanceState? State { get; private set; }

        public List<HistoryRecord> Added { get; } = [];

        public bool WasEnded { get; private set; }

        public bool IsReplaced { get; private set; }

        public bool Remove { get; set; }

        public bool IsChanged => Added.Count > 0;

        public void Add(HistoryRecord record)
        {
            State!.Append(record);
            Added.Add(record);
        }

        public void Replace(InstanceState state, bool replaced)
        {
            State = state;
            Added.Clear();
            IsReplaced = replaced;
            WasEnded = false;
            Remove = false;
        }

        public void Committed()
        {
            Added.Clear();
            IsReplaced = false;
            WasEnded = State?.Instance.IsEnded ?? false;
        }
    }
}
