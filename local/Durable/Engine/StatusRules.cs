using System.Collections.Frozen;
using Microsoft.DurableTask.Client;

namespace Mlops.Local.Durable.Engine;

/// <summary>Which existing instances a start replaces.</summary>
internal static class StatusRules
{
    /// <summary>Ended instances.</summary>
    public static IReadOnlySet<OrchestrationRuntimeStatus> Ended { get; } =
        new[] { OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated }.ToFrozenSet();

    /// <summary>All instances.</summary>
    public static IReadOnlySet<OrchestrationRuntimeStatus> All { get; } =
        new[] { OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended }.Concat(Ended).ToFrozenSet();

    /// <summary>The statuses in which an existing instance is replaced.</summary>
    /// <param name="dedupeStatuses">The statuses named by the caller, in which it is not; null for the rule of host.json.</param>
    /// <param name="replaceRunning">The rule of host.json.</param>
    /// <exception cref="ArgumentException">The names are unknown, or contradict each other.</exception>
    public static IReadOnlySet<OrchestrationRuntimeStatus> Replaceable(IReadOnlyList<string>? dedupeStatuses, bool replaceRunning)
    {
        if (dedupeStatuses is null)
        {
            return replaceRunning ? All : Ended;
        }

        var kept = dedupeStatuses.Select(name => Enum.TryParse<OrchestrationRuntimeStatus>(name, ignoreCase: true, out var status) && StartOrchestrationOptionsExtensions.ValidDedupeStatuses.Contains(status)
            ? status
            : throw new ArgumentException($"'{name}' is not a dedupe status; expected some of {string.Join(", ", StartOrchestrationOptionsExtensions.ValidDedupeStatuses)}.", nameof(dedupeStatuses))).ToHashSet();
        var replaced = All.Where(status => !kept.Contains(status)).ToFrozenSet();
        return kept.Contains(OrchestrationRuntimeStatus.Terminated) && replaced.Any(status => !Ended.Contains(status))
            ? throw new ArgumentException("The dedupe statuses name Terminated but allow to replace an instance that has not ended; a replaced instance is terminated first, so name Pending, Running and Suspended too, or leave out Terminated.", nameof(dedupeStatuses))
            : replaced;
    }
}
