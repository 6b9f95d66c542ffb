using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Mlops.Local.Durable.History;

namespace Mlops.Local.Durable.Replay;

/// <summary>The context of one turn: repeats the calls of earlier turns from the history and collects the new ones.</summary>
internal sealed class ReplayContext : TaskOrchestrationContext
{
    private readonly InstanceRecord _instance;
    private readonly string? _input;
    private readonly DataConverter _converter;
    private readonly DurableSettings _settings;
    private readonly ILoggerFactory _loggers;
    private readonly TurnSynchronizationContext _thread;
    private readonly IReadOnlyDictionary<int, HistoryRecord> _recorded;
    private readonly Dictionary<int, TaskCompletionSource<string?>> _open = [];
    private readonly HashSet<int> _liveTimers = [];
    private readonly Dictionary<string, Stack<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<HistoryRecord> _buffer = [];
    private readonly List<HistoryRecord> _newCalls = [];
    private DateTimeOffset _now;
    private bool _isReplaying;
    private int _recordedEnd;
    private int _nextCall;
    private int _guids;
    private ContinueAsNewOptions? _next;

    public ReplayContext(InstanceRecord instance, string? input, IReadOnlyDictionary<int, HistoryRecord> recorded, TurnSynchronizationContext thread, DataConverter converter, DurableSettings settings, ILoggerFactory loggers)
    {
        _instance = instance;
        _input = input;
        _recorded = recorded;
        _thread = thread;
        _converter = converter;
        _settings = settings;
        _loggers = loggers;
        Parent = instance.ParentId is { } parent ? new ParentOrchestrationInstance(instance.ParentName ?? "", parent) : null;
    }

    public override TaskName Name => _instance.Name;

    public override string InstanceId => _instance.InstanceId;

    public override ParentOrchestrationInstance? Parent { get; }

    public override string Version => _instance.Version;

    public override DateTime CurrentUtcDateTime => _now.UtcDateTime;

    public override bool IsReplaying => _isReplaying;

    protected override ILoggerFactory LoggerFactory => _loggers;

    /// <summary>The turn's time.</summary>
    public DateTimeOffset Now => _now;

    /// <summary>Why the turn is void, if it is: set even when the orchestrator catches the exception.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>The calls made beyond the history.</summary>
    public IReadOnlyList<HistoryRecord> NewCalls => _newCalls;

    /// <summary>Timers that have neither fired nor been cancelled.</summary>
    public IReadOnlySet<int> LiveTimers => _liveTimers;

    /// <summary>What the orchestrator has last set as its status, if anything.</summary>
    public (bool IsSet, string? Value) CustomStatus { get; private set; }

    /// <summary>True while something can still wake the orchestrator.</summary>
    public bool CanWake => _open.Values.Any(call => !call.Task.IsCompleted) || _waiters.Values.Any(stack => stack.Any(waiter => !waiter.IsDone));

    /// <summary>How the next generation begins, if one is asked for; events that nobody took are among it.</summary>
    public NextGeneration? Next => _next is null ? null : new NextGeneration(_converter.Serialize(_next.NewInput), _next.NewVersion, _next.PreserveUnprocessedEvents ? [.. _buffer] : []);

    /// <summary>Begins a turn.</summary>
    /// <param name="time">The turn's time.</param>
    /// <param name="recordedEnd">The number of calls that the history holds at the turn's end; null for a turn that is not in the history.</param>
    public void BeginTurn(DateTimeOffset time, int? recordedEnd)
    {
        _now = time;
        _isReplaying = recordedEnd is not null;
        _recordedEnd = recordedEnd ?? _recordedEnd;
    }

    /// <summary>Ends a turn of the history: it must have made the calls that the history holds.</summary>
    public void EndRecordedTurn()
    {
        if (Fault is null && _nextCall < _recordedEnd)
        {
            Fault = Mismatch(_recorded[_nextCall].Describe(), "no such call at this point", _nextCall);
        }
    }

    /// <summary>The orchestrator has returned although the history goes on.</summary>
    public void ReturnTooEarly()
        => Fault ??= Mismatch(_recorded.TryGetValue(_nextCall, out var next) ? next.Describe() : "a wait for something to arrive", "the orchestrator's return", _nextCall);

    /// <summary>Keeps an event that has come after the orchestrator's end for the next generation.</summary>
    public void Buffer(HistoryRecord record) => _buffer.Add(record);

    /// <summary>Hands an arrival to whoever awaits it.</summary>
    public void Deliver(HistoryRecord record)
    {
        switch (record.Kind)
        {
            case HistoryKind.TaskCompleted or HistoryKind.SubOrchestrationCompleted:
                Opened(record)?.TrySetResult(record.Payload);
                break;
            case HistoryKind.TaskFailed or HistoryKind.SubOrchestrationFailed:
                Opened(record)?.TrySetException(new DurableCallFailure(StoredFailure.Read(record.Payload)));
                break;
            case HistoryKind.TimerFired:
                _liveTimers.Remove(record.Id);
                Opened(record)?.TrySetResult(null);
                break;
            case HistoryKind.EventRaised:
                Raise(record);
                break;
        }
    }

    public override T? GetInput<T>()
        where T : default
        => _converter.Deserialize<T>(_input);

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        RejectMisplacedOptions(input, options);
        ArgumentException.ThrowIfNullOrEmpty(name.Name, nameof(name));
        return CallAsync<TResult>(name.Name, options?.Retry, () => Call(new HistoryRecord(HistoryKind.TaskScheduled, _now)
        {
            Name = name.Name,
            Payload = _converter.Serialize(input),
            Version = options?.Version?.Version,
        }));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        RejectMisplacedOptions(input, options);
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        EnsureThread();
        var id = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        InstanceIds.Validate(id);
        return CallAsync<TResult>(orchestratorName.Name, options?.Retry, () => Call(new HistoryRecord(HistoryKind.SubOrchestrationScheduled, _now)
        {
            Name = orchestratorName.Name,
            Target = id,
            Payload = _converter.Serialize(input),
            Version = options?.Version?.Version ?? _settings.DefaultVersion,
        }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        EnsureThread();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        var due = new DateTimeOffset(fireAt.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(fireAt, DateTimeKind.Utc) : fireAt.ToUniversalTime());
        var (id, call) = Call(new HistoryRecord(HistoryKind.TimerCreated, _now) { DueAt = due });
        _liveTimers.Add(id);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() =>
            {
                _liveTimers.Remove(id);
                call.TrySetCanceled(cancellationToken);
            });
        }

        return call.Task;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        EnsureThread();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (!_waiters.TryGetValue(eventName, out var waiters))
        {
            _waiters[eventName] = waiters = new Stack<IWaiter>();
        }

        if (waiters.FirstOrDefault(other => !other.IsDone) is { } existing && existing.Type != typeof(T))
        {
            throw new ArgumentException($"Event '{eventName}' is already awaited as {existing.Type.FullName}; all waiters of one event must ask for the same type, not {typeof(T).FullName}.", nameof(eventName));
        }

        var waiter = new Waiter<T>(_converter);
        var buffered = _buffer.FindIndex(record => string.Equals(record.Name, eventName, StringComparison.OrdinalIgnoreCase));
        if (buffered >= 0)
        {
            var payload = _buffer[buffered].Payload;
            _buffer.RemoveAt(buffered);
            waiter.Set(payload);
            return waiter.Task;
        }

        waiters.Push(waiter);
        if (cancellationToken.CanBeCanceled)
        {
            cancellationToken.Register(() => waiter.Cancel(cancellationToken));
        }

        return waiter.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        EnsureThread();
        InstanceIds.Validate(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        var (id, _) = Call(new HistoryRecord(HistoryKind.EventSent, _now) { Name = eventName, Target = instanceId, Payload = _converter.Serialize(payload) });
        _open.Remove(id);
    }

    public override void SetCustomStatus(object? customStatus)
    {
        EnsureThread();
        CustomStatus = (true, _converter.Serialize(customStatus));
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
        => ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EnsureThread();
        _next = options;
    }

    public override Guid NewGuid()
    {
        EnsureThread();

        // The first 16 bytes of a hash of everything that tells this call from any other, marked as a name-based id (version 5).
        var name = string.Create(CultureInfo.InvariantCulture, $"{InstanceId}\n{_instance.Generation}\n{_now:O}\n{_guids++}");
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x50);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static void RejectMisplacedOptions(object? input, TaskOptions? options)
    {
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("TaskOptions were given as the input. Name the argument: 'options: …'.", nameof(input));
        }
    }

    /// <summary>Calls, and calls again as the retry rule says.</summary>
    private async Task<TResult> CallAsync<TResult>(string name, TaskRetryOptions? retry, Func<(int Id, TaskCompletionSource<string?> Call)> call)
    {
        var first = _now;
        for (var attempt = 1; ; attempt++)
        {
            var (id, pending) = call();
            TaskFailureDetails failure;
            try
            {
                return _converter.Deserialize<TResult>(await pending.Task)!;
            }
            catch (DurableCallFailure e)
            {
                failure = e.Details;
            }

            if (!StoredFailure.MayRetry(failure))
            {
                throw new TaskFailedException(name, id, failure);
            }

            if (retry?.Policy is { } policy)
            {
                if (attempt >= policy.MaxNumberOfAttempts || !policy.Handles(failure) || (policy.RetryTimeout != Timeout.InfiniteTimeSpan && _now >= first + policy.RetryTimeout))
                {
                    throw new TaskFailedException(name, id, failure);
                }

                await CreateTimer(_now.UtcDateTime + policy.DelayAfter(attempt), CancellationToken.None);
            }
            else if (retry?.Handler is not { } handler || !await handler(new RetryContext(this, attempt, failure, _now - first, CancellationToken.None)))
            {
                throw new TaskFailedException(name, id, failure);
            }
        }
    }

    /// <summary>Makes a call: the one that the history holds under the next number, or a new one.</summary>
    private (int Id, TaskCompletionSource<string?> Call) Call(HistoryRecord call)
    {
        EnsureThread();
        if (Fault is not null)
        {
            throw Fault;
        }

        var id = _nextCall++;
        if (_isReplaying || id < _recordedEnd)
        {
            if (id >= _recordedEnd)
            {
                throw Fault = Mismatch("no further call at this point", call.Describe(), id);
            }

            if (!IsSame(_recorded[id], call))
            {
                throw Fault = Mismatch(_recorded[id].Describe(), call.Describe(), id);
            }
        }
        else if (_newCalls.Count >= _settings.MaxActions)
        {
            throw Fault = new InvalidOperationException($"The orchestrator has made {_newCalls.Count} calls in one turn, which is the limit of host.json's 'maxOrchestrationActions'. Await some of them before making more, or use sub-orchestrations.");
        }
        else
        {
            _newCalls.Add(call with { Id = id });
        }

        return (id, _open[id] = new TaskCompletionSource<string?>());
    }

    private static bool IsSame(HistoryRecord recorded, HistoryRecord call)
        => recorded.Kind == call.Kind
        && string.Equals(recorded.Name, call.Name, StringComparison.OrdinalIgnoreCase)
        && (call.Kind != HistoryKind.EventSent || recorded.Target == call.Target);

    private NonDeterministicOrchestrationException Mismatch(string expected, string actual, int call)
        => new(string.Create(CultureInfo.InvariantCulture, $"Non-deterministic orchestration '{_instance.Name}', instance '{InstanceId}': ")
            + string.Create(CultureInfo.InvariantCulture, $"call #{call} was {expected} when the history was written (expected); on replay the code made {actual} (actual). ")
            + "The code has changed while the instance was running, or depends on the clock, randomness, I/O or static state. Restore the code, or purge and restart the instance; give changed orchestrators a new name or version.");

    private TaskCompletionSource<string?>? Opened(HistoryRecord record) => _open.GetValueOrDefault(record.Id);

    private void Raise(HistoryRecord record)
    {
        if (_waiters.TryGetValue(record.Name!, out var waiters))
        {
            // The newest waiter comes first: it makes Task.WhenAny in a loop do what is meant. Abandoned ones are passed over.
            while (waiters.TryPop(out var waiter))
            {
                if (!waiter.IsDone)
                {
                    waiter.Set(record.Payload);
                    return;
                }
            }
        }

        _buffer.Add(record);
    }

    private void EnsureThread()
    {
        if (!_thread.IsHere)
        {
            throw new InvalidOperationException(IllegalAwait.Message);
        }
    }

    private interface IWaiter
    {
        Type Type { get; }

        bool IsDone { get; }

        void Set(string? payload);
    }

    private sealed class Waiter<T>(DataConverter converter) : IWaiter
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public Type Type => typeof(T);

        public bool IsDone => _source.Task.IsCompleted;

        public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);

        public void Set(string? payload)
        {
            T value;
            try
            {
                value = converter.Deserialize<T>(payload)!;
            }
            catch (Exception e)
            {
                _source.TrySetException(e);
                return;
            }

            _source.TrySetResult(value);
        }
    }
}
