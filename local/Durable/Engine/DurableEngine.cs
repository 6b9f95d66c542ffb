using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Replay;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Durable.Engine;

/// <summary>Runs the orchestrations of one task hub in this process. How it survives a crash: docs/decisions/0011.</summary>
internal sealed class DurableEngine : IHostedService, IDisposable
{
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, InstanceActor> _actors = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turns;
    private readonly SemaphoreSlim _activities;
    private readonly IDurableFunctions _functions;
    private readonly OrchestrationTurn _turn;

    public DurableEngine(IDurableStore store, IDurableFunctions functions, DataConverter converter, DurableSettings settings, TimeProvider time, ILoggerFactory loggers)
    {
        Store = store;
        Converter = converter;
        Settings = settings;
        Time = time;
        Log = loggers.CreateLogger(DurableLog.Category);
        Timers = new TimerQueue(time);
        _functions = functions;
        _turn = new OrchestrationTurn(functions, converter, settings, loggers);
        _turns = new SemaphoreSlim(settings.MaxConcurrentOrchestrators);
        _activities = new SemaphoreSlim(settings.MaxConcurrentActivities);
    }

    public IDurableStore Store { get; }

    public DataConverter Converter { get; }

    public DurableSettings Settings { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public TimerQueue Timers { get; }

    public InstanceSignals Signals { get; } = new();

    /// <summary>Cancelled when the engine stops.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Completes when the store is usable.</summary>
    public Task Ready => _ready.Task;

    public bool HasOrchestrator(string name) => _functions.HasOrchestrator(name);

    /// <summary>Prepares the store and takes up every unfinished instance.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Store.PrepareAsync(cancellationToken);
        _ready.TrySetResult();
        if (!_functions.HasAny)
        {
            // An app without orchestrators must not fail those of an app that shares its task hub.
            return;
        }

        var resumed = await WakeActiveAsync(cancellationToken);
        if (resumed > 0)
        {
            Log.Recovered(Settings.HubName, resumed);
        }

        Track(PollAsync);
    }

    /// <summary>Stops: what has not been stored is done again by the next start.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        _ready.TrySetCanceled(CancellationToken.None);
        try
        {
            await Task.WhenAll(_running.Keys).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host does not wait longer for an activity that does not heed its token.
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Timers.Dispose();
    }

    /// <summary>Hands a message to an instance.</summary>
    public void Post(string instanceId, Message message)
    {
        while (!Stopping.IsCancellationRequested && !_actors.GetOrAdd(instanceId, id => new InstanceActor(id, this)).TryPost(message))
        {
            // The actor is just being let go; the next one is new.
            Thread.Yield();
        }
    }

    /// <summary>Hands a request to an instance and waits until its effect is stored.</summary>
    public async Task<RequestOutcome> RequestAsync(string instanceId, Request request, CancellationToken cancellation)
    {
        await Ready.WaitAsync(cancellation);
        Post(instanceId, request);
        using var stop = Stopping.Register(request.Cancel);
        return await request.Outcome.WaitAsync(cancellation);
    }

    /// <summary>Forgets an actor that has nothing to do.</summary>
    public void Release(string instanceId, InstanceActor actor) => _actors.TryRemove(new KeyValuePair<string, InstanceActor>(instanceId, actor));

    /// <summary>Lets the orchestrator take a turn.</summary>
    public async Task<TurnResult> TurnAsync(InstanceState state, Action onViolation)
    {
        await _turns.WaitAsync(Stopping);
        try
        {
            if (state.LastTurn == default)
            {
                Log.Started(state.Instance.Name, state.Instance.InstanceId);
            }

            // A clock that was set back must not let time run backwards inside an orchestration.
            var now = Time.GetUtcNow();
            return _turn.Run(state.Instance, state.History, now > state.LastTurn ? now : state.LastTurn, onViolation);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Waits before another try.</summary>
    public Task PauseAsync(TimeSpan time) => Task.Delay(time, Time, Stopping);

    /// <summary>Begins work that a stored history leaves open. It may have been begun before a crash: everything here may happen twice.</summary>
    public void Begin(InstanceRecord instance, string key, HistoryRecord work)
    {
        switch (work.Kind)
        {
            case HistoryKind.TaskScheduled:
                Track(() => RunActivityAsync(instance, key, work));
                break;
            case HistoryKind.SubOrchestrationScheduled:
                Track(() => StartChildAsync(instance, key, work));
                break;
            case HistoryKind.EventSent:
                Send(instance, key, work.Target!, new RaiseEvent(work.Name!, work.Payload, $"{instance.Origin}/{key}"));
                break;
            case HistoryKind.TerminationSent:
                Send(instance, key, work.Target!, new Terminate(work.Payload, Recursive: true));
                break;
        }
    }

    /// <summary>An instance has ended and that is stored: tell its parent.</summary>
    public void Ended(InstanceState state)
    {
        var instance = state.Instance;
        var payload = state.History.Last(record => record.Kind is HistoryKind.ExecutionCompleted or HistoryKind.ExecutionTerminated).Payload;
        if (instance.Status == OrchestrationRuntimeStatus.Failed)
        {
            Log.Failed(instance.Name, instance.InstanceId, StoredFailure.Read(payload).ToString());
        }
        else
        {
            Log.Ended(instance.Name, instance.Status == OrchestrationRuntimeStatus.Completed ? "completed" : "terminated", instance.InstanceId);
        }

        TellParent(instance, payload);
    }

    /// <summary>Removes in the background what earlier generations have left.</summary>
    public void Tidy(InstanceRecord instance) => Track(async () =>
    {
        try
        {
            await Store.RemoveEarlierGenerationsAsync(instance, Stopping);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.TidyFailed(e, instance.InstanceId);
        }
    });

    private async Task RunActivityAsync(InstanceRecord instance, string key, HistoryRecord work)
    {
        await _activities.WaitAsync(Stopping);
        string? output = null;
        TaskFailureDetails? failure = null;
        try
        {
            if (!_functions.HasActivity(work.Name!))
            {
                failure = MissingFunction.Activity(work.Name!);
            }
            else
            {
                var started = Time.GetTimestamp();
                output = Converter.Serialize(await _functions.RunActivityAsync(work.Name!, instance.InstanceId, work.Payload, Stopping));
                Log.ActivityDone(work.Name!, (long)Time.GetElapsedTime(started).TotalMilliseconds, instance.InstanceId);
            }
        }
        catch (Exception) when (Stopping.IsCancellationRequested)
        {
            // Not a failure of the activity: the next start runs it again.
            return;
        }
        catch (Exception e)
        {
            failure = TaskFailureDetails.FromException(e);
        }
        finally
        {
            _activities.Release();
        }

        if (failure is not null)
        {
            Log.ActivityFailed(work.Name!, instance.InstanceId, failure.ToString());
        }

        Post(instance.InstanceId, new ActivityEnded(instance.Origin, key, output, failure));
    }

    private async Task StartChildAsync(InstanceRecord parent, string key, HistoryRecord work)
    {
        var child = new InstanceRecord(work.Target!, work.Name!)
        {
            Origin = $"{parent.Origin}/{key}",
            ParentId = parent.InstanceId,
            ParentName = parent.Name,
            ParentKey = key,
            Version = work.Version ?? "",
        };
        switch (await RequestAsync(child.InstanceId, new Start(child, work.Payload, StatusRules.Ended), Stopping))
        {
            case RequestOutcome.Refused:
                var failure = StoredFailure.Final(typeof(InvalidOperationException).FullName!, $"An orchestration instance with the id '{child.InstanceId}' exists already and has not ended; give the sub-orchestration another id.");
                Post(parent.InstanceId, new ChildEnded(child.InstanceId, key, null, failure));
                break;
            case RequestOutcome.Ended when await Store.ReadAsync(child.InstanceId, Stopping) is { IsEnded: true } ended:
                TellParent(ended, await Store.LoadAsync(ended.Status == OrchestrationRuntimeStatus.Failed ? ended.Failure : ended.Output, Stopping));
                break;
            default:
                Post(parent.InstanceId, new SendDelivered(key));
                break;
        }
    }

    private void Send(InstanceRecord instance, string key, string target, Request request)
    {
        // Posted here and now, so that what one instance sends to another arrives in the order sent.
        Post(target, request);
        Track(async () =>
        {
            // A receiver that does not exist or has ended is as good as one that takes no notice.
            await request.Outcome.WaitAsync(Stopping);
            Post(instance.InstanceId, new SendDelivered(key));
        });
    }

    private void TellParent(InstanceRecord child, string? payload)
    {
        if (child.ParentId is not { } parent || child.ParentKey is not { } key)
        {
            return;
        }

        Post(parent, child.Status switch
        {
            OrchestrationRuntimeStatus.Completed => new ChildEnded(child.InstanceId, key, payload, null),
            OrchestrationRuntimeStatus.Failed => new ChildEnded(child.InstanceId, key, null, StoredFailure.Read(payload)),
            _ => new ChildEnded(child.InstanceId, key, null, new TaskFailureDetails("Terminated", $"The sub-orchestration '{child.InstanceId}' was terminated{(payload is null ? "" : ": " + payload)}", null, null, null)),
        });
    }

    private async Task<int> WakeActiveAsync(CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var instance in Store.ReadActiveAsync(cancellation))
        {
            Post(instance.InstanceId, new Wake(instance.ETag));
            count++;
        }

        return count;
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(Settings.SafetyPoll, Time);
        while (await timer.WaitForNextTickAsync(Stopping))
        {
            try
            {
                await WakeActiveAsync(Stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Log.PollFailed(e);
            }
        }
    }

    /// <summary>Runs work in the background until it has succeeded or the engine stops.</summary>
    private void Track(Func<Task> work)
    {
        var task = Task.Run(async () =>
        {
            while (!Stopping.IsCancellationRequested)
            {
                try
                {
                    await work();
                    return;
                }
                catch (Exception) when (Stopping.IsCancellationRequested)
                {
                    // The next start does it.
                }
                catch (Exception e)
                {
                    Log.WorkFailed(e);
                    await Task.WhenAny(PauseAsync(s_retry));
                }
            }
        });
        _running[task] = true;
        task.ContinueWith(done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
