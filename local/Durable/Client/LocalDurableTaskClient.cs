using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Mlops.Local.Durable.Engine;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Replay;
using Mlops.Local.Durable.Storage;

namespace Mlops.Local.Durable.Client;

/// <summary>The client of the embedded engine.</summary>
/// <param name="engine">The engine.</param>
/// <param name="hostAddress">Where the host listens; null when it does not.</param>
/// <param name="query">What the addresses of the management API carry, such as a key.</param>
internal sealed class LocalDurableTaskClient(DurableEngine engine, string? hostAddress = null, string query = "") : DurableTaskClient(engine.Settings.HubName), IManagementEndpoint
{
    /// <summary>Where the host serves the management API.</summary>
    public const string Webhook = "/runtime/webhooks/durabletask";

    public string? BaseUrl => hostAddress is null ? null : hostAddress + Webhook;

    public string Query => query;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        return StartAsync(orchestratorName.Name, options, engine.Converter.Serialize(input), cancellation);
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
        => RaiseAsync(instanceId, eventName, engine.Converter.Serialize(eventPayload), cancellation);

    public override Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
        => RequestAsync(instanceId, new Terminate(engine.Converter.Serialize(options?.Output), options?.Recursive ?? false), cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => RequestAsync(instanceId, new Suspend(reason), cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default)
        => RequestAsync(instanceId, new Resume(reason), cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, instance => instance.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, instance => instance.IsEnded, getInputsAndOutputs, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => await ReadAsync(instanceId, cancellation) is { } instance ? await DescribeAsync(instance, getInputsAndOutputs, cancellation) : null;

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        var thisHub = filter.TaskHubNames is null || filter.TaskHubNames.Contains(Name, StringComparer.OrdinalIgnoreCase);
        var conditions = new InstanceFilter { CreatedFrom = filter.CreatedFrom, CreatedTo = filter.CreatedTo, Statuses = filter.Statuses?.ToList(), InstanceIdPrefix = filter.InstanceIdPrefix };
        return Pageable.Create<OrchestrationMetadata>(async (token, size, cancellation) =>
        {
            if (!thisHub)
            {
                return new Page<OrchestrationMetadata>([]);
            }

            var (instances, next) = await QueryAsync(conditions, size ?? filter.PageSize, token ?? filter.ContinuationToken, cancellation);
            var described = new List<OrchestrationMetadata>(instances.Count);
            foreach (var instance in instances)
            {
                described.Add(await DescribeAsync(instance, filter.FetchInputsAndOutputs, cancellation));
            }

            return new Page<OrchestrationMetadata>(described, next);
        });
    }

    public override async Task<Page<string>> ListInstanceIdsAsync(IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null, DateTimeOffset? completedTimeFrom = null, DateTimeOffset? completedTimeTo = null, int pageSize = OrchestrationQuery.DefaultPageSize, string? lastInstanceKey = null, CancellationToken cancellation = default)
    {
        var filter = new InstanceFilter { Statuses = [.. runtimeStatus ?? StatusRules.Ended], CompletedFrom = completedTimeFrom, CompletedTo = completedTimeTo };
        var (instances, next) = await QueryAsync(filter, pageSize, lastInstanceKey, cancellation);
        return new Page<string>([.. instances.Select(instance => instance.InstanceId)], next);
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        InstanceIds.Validate(instanceId);
        return new PurgeResult(await PurgeAsync(instanceId, options?.Recursive ?? false, cancellation));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var statuses = filter.Statuses?.Where(StatusRules.Ended.Contains).ToList() ?? [.. StatusRules.Ended];
        if (statuses.Count == 0)
        {
            return new PurgeResult(0, true);
        }

        var conditions = new InstanceFilter { CreatedFrom = filter.CreatedFrom, CreatedTo = filter.CreatedTo, Statuses = statuses };
        var started = engine.Time.GetTimestamp();
        var count = 0;
        string? token = null;
        do
        {
            (var instances, token) = await QueryAsync(conditions, OrchestrationQuery.DefaultPageSize, token, cancellation);
            foreach (var instance in instances)
            {
                if (filter.Timeout is { } limit && engine.Time.GetElapsedTime(started) >= limit)
                {
                    return new PurgeResult(count, false);
                }

                count += await PurgeAsync(instance.InstanceId, options?.Recursive ?? false, cancellation);
            }
        }
        while (token is not null);
        return new PurgeResult(count, true);
    }

    public override async Task<string> RestartAsync(string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        InstanceIds.Validate(instanceId);
        var instance = await ReadAsync(instanceId, cancellation) ?? throw NotFound(instanceId);
        if (!instance.IsEnded && !restartWithNewInstanceId)
        {
            throw new InvalidOperationException($"The orchestration '{instanceId}' is {instance.Status} and cannot be restarted under its own id before it has ended.");
        }

        var again = new InstanceRecord(restartWithNewInstanceId ? Guid.NewGuid().ToString("N") : instanceId, instance.Name)
        {
            Origin = Guid.NewGuid().ToString("N"),
            Version = instance.Version,
            Tags = instance.Tags,
        };
        return await StartAsync(again, await engine.Store.LoadAsync(instance.Input, cancellation), StatusRules.Ended, cancellation);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts an orchestration with an input that is serialized already.</summary>
    internal Task<string> StartAsync(string orchestrator, string? instanceId, string? input, CancellationToken cancellation)
        => StartAsync(orchestrator, new StartOrchestrationOptions(instanceId), input, cancellation);

    /// <summary>Raises an event with a payload that is serialized already.</summary>
    internal Task RaiseAsync(string instanceId, string eventName, string? payload, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return RequestAsync(instanceId, new RaiseEvent(eventName, payload, Guid.NewGuid().ToString("N")), cancellation);
    }

    /// <summary>An instance with its committed history; null when there is none.</summary>
    internal async Task<(OrchestrationMetadata Instance, IReadOnlyList<HistoryRecord> History)?> ReadHistoryAsync(string instanceId, CancellationToken cancellation)
        => await ReadAsync(instanceId, cancellation) is { } instance
            ? (await DescribeAsync(instance, true, cancellation), await engine.Store.ReadHistoryAsync(instance, cancellation))
            : null;

    private static ArgumentException NotFound(string instanceId) => new($"There is no orchestration with the instance id '{instanceId}'.", nameof(instanceId));

    private Task<string> StartAsync(string orchestrator, StartOrchestrationOptions? options, string? input, CancellationToken cancellation)
    {
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        InstanceIds.Validate(id);
        if (!engine.HasOrchestrator(orchestrator))
        {
            throw new ArgumentException(MissingFunction.Orchestrator(orchestrator).ErrorMessage);
        }

        var instance = new InstanceRecord(id, orchestrator)
        {
            Origin = Guid.NewGuid().ToString("N"),
            ScheduledStart = options?.StartAt,
            Version = options?.Version?.Version ?? engine.Settings.DefaultVersion,
            Tags = options?.Tags ?? new Dictionary<string, string>(),
        };
        return StartAsync(instance, input, StatusRules.Replaceable(options?.DedupeStatuses, engine.Settings.ReplaceRunning), cancellation);
    }

    private async Task<string> StartAsync(InstanceRecord instance, string? input, IReadOnlySet<OrchestrationRuntimeStatus> replaceable, CancellationToken cancellation)
        => await engine.RequestAsync(instance.InstanceId, new Start(instance, input, replaceable), cancellation) == RequestOutcome.Refused
            ? throw new OrchestrationAlreadyExistsException($"An orchestration with the instance id '{instance.InstanceId}' exists already in a status in which it must not be replaced.")
            : instance.InstanceId;

    private async Task RequestAsync(string instanceId, Request request, CancellationToken cancellation)
    {
        InstanceIds.Validate(instanceId);
        switch (await engine.RequestAsync(instanceId, request, cancellation))
        {
            case RequestOutcome.NotFound:
                throw NotFound(instanceId);
            case RequestOutcome.Ended:
                throw new InvalidOperationException($"The orchestration '{instanceId}' has ended.");
        }
    }

    private async Task<OrchestrationMetadata> WaitAsync(string instanceId, Func<InstanceRecord, bool> condition, bool payloads, CancellationToken cancellation)
    {
        while (true)
        {
            var change = engine.Signals.NextChange(instanceId);
            var instance = await ReadAsync(instanceId, cancellation)
                ?? throw new InvalidOperationException($"There is no orchestration with the instance id '{instanceId}'.");
            if (condition(instance))
            {
                return await DescribeAsync(instance, payloads, cancellation);
            }

            try
            {
                await change.WaitAsync(engine.Settings.SafetyPoll, engine.Time, cancellation);
            }
            catch (TimeoutException)
            {
                // Another process may have changed the instance.
            }
        }
    }

    private async Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellation)
    {
        List<string> children = [];
        if (recursive && await ReadAsync(instanceId, cancellation) is { IsEnded: true } instance)
        {
            var history = await engine.Store.ReadHistoryAsync(instance, cancellation);
            children = [.. history.Where(record => record.Kind == HistoryKind.SubOrchestrationScheduled).Select(record => record.Target!).Distinct()];
        }

        var count = await engine.RequestAsync(instanceId, new Purge(), cancellation) == RequestOutcome.Done ? 1 : 0;
        foreach (var child in count > 0 ? children : [])
        {
            count += await PurgeAsync(child, recursive, cancellation);
        }

        return count;
    }

    private async Task<InstanceRecord?> ReadAsync(string instanceId, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        await engine.Ready.WaitAsync(cancellation);
        return await engine.Store.ReadAsync(instanceId, cancellation);
    }

    private async Task<(IReadOnlyList<InstanceRecord> Instances, string? Next)> QueryAsync(InstanceFilter filter, int pageSize, string? token, CancellationToken cancellation)
    {
        await engine.Ready.WaitAsync(cancellation);
        return await engine.Store.QueryAsync(filter, pageSize, token, cancellation);
    }

    private async Task<OrchestrationMetadata> DescribeAsync(InstanceRecord instance, bool payloads, CancellationToken cancellation)
        => new(instance.Name, instance.InstanceId)
        {
            RuntimeStatus = instance.Status,
            CreatedAt = instance.CreatedAt,
            LastUpdatedAt = instance.LastUpdatedAt,
            Tags = instance.Tags,
            DataConverter = payloads ? engine.Converter : null,
            SerializedInput = payloads ? await engine.Store.LoadAsync(instance.Input, cancellation) : null,
            SerializedOutput = payloads ? await engine.Store.LoadAsync(instance.Output, cancellation) : null,
            SerializedCustomStatus = payloads ? await engine.Store.LoadAsync(instance.CustomStatus, cancellation) : null,
            FailureDetails = payloads && await engine.Store.LoadAsync(instance.Failure, cancellation) is { } failure ? StoredFailure.Read(failure) : null,
        };
}
