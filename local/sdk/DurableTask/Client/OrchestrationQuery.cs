namespace Microsoft.DurableTask.Client;

/// <summary>Which instances to list.</summary>
/// <param name="CreatedFrom">Only instances created at or after this time.</param>
/// <param name="CreatedTo">Only instances created at or before this time.</param>
/// <param name="Statuses">Only instances in one of these statuses.</param>
/// <param name="TaskHubNames">Only instances of these task hubs.</param>
/// <param name="InstanceIdPrefix">Only instances whose id begins so.</param>
/// <param name="PageSize">Results on one page.</param>
/// <param name="FetchInputsAndOutputs">True fetches inputs, outputs and custom statuses too.</param>
/// <param name="ContinuationToken">Where to begin, from an earlier page.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    /// <summary>The page size unless another is given.</summary>
    public const int DefaultPageSize = 100;
}
