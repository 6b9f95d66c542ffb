using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Mlops.Storage.Pipelines;

namespace Mlops.Functions.Hosting;

/// <summary>
/// Spans of the platform. A pipeline keeps the W3C <c>traceparent</c> of what started it in its record: its steps and its rollout, which run hours later
/// on other machines and perhaps twice, all carry the trace id of the file's arrival.
/// </summary>
/// <remarks>Names by the OpenTelemetry conventions: span names without ids, attributes in the platform's own namespace where no convention has one.</remarks>
internal static class Telemetry
{
    /// <summary>The name of the activity source and of the meter.</summary>
    public const string Name = "Mlops";

    public const string Model = "mlops.model.name";
    public const string ModelVersion = "mlops.model.version";
    public const string Run = "mlops.run.id";
    public const string Pipeline = "mlops.pipeline.id";
    public const string Trigger = "mlops.pipeline.trigger";
    public const string Step = "mlops.pipeline.step";
    public const string Outcome = "mlops.pipeline.outcome";
    public const string Verdict = "mlops.drift.verdict";
    public const string Rows = "mlops.rows";
    public const string ErrorType = "error.type";
    public const string Destination = "messaging.destination.name";

    /// <summary>The version of the app's code.</summary>
    public static string Code { get; } = typeof(Telemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    public static ActivitySource Source { get; } = new(Name, Code);

    public static Meter Meter { get; } = new(Name, Code);

    /// <summary>The span of a message taken from a queue: it continues the trace that the event carries, else that of the invocation.</summary>
    public static Activity? StartMessage(string queue, string? traceParent)
    {
        Activity? activity = Start($"process {queue}", ActivityKind.Consumer, traceParent);
        return activity?.SetTag("messaging.system", "azure_storage_queue").SetTag("messaging.operation.type", "process").SetTag(Destination, queue);
    }

    /// <summary>A span in the trace of a pipeline, linked to the invocation that it happens in; one of the invocation's own trace when the pipeline has none.</summary>
    public static Activity? StartIn(PipelineRecord? pipeline, string name, DateTimeOffset startTime = default)
    {
        Activity? activity = Start(name, ActivityKind.Internal, pipeline?.Trace, startTime);
        return activity?.SetTag(Pipeline, pipeline?.Id).SetTag(Model, pipeline?.Model).SetTag(Trigger, pipeline?.Trigger);
    }

    /// <summary>Records that the work of a span failed.</summary>
    public static void Fail(this Activity? activity, Exception exception) =>
        activity?.SetTag(ErrorType, exception.GetType().FullName).AddException(exception).SetStatus(ActivityStatusCode.Error, exception.Message);

    private static Activity? Start(string name, ActivityKind kind, string? traceParent, DateTimeOffset startTime = default)
    {
        // What comes from a message or a table may be anything: text that is no traceparent starts no trace.
        if (!ActivityContext.TryParse(traceParent, null, isRemote: true, out ActivityContext parent))
        {
            return Source.StartActivity(kind, startTime: startTime, name: name);
        }

        ActivityContext? invocation = Activity.Current?.Context;
        return Source.StartActivity(name, kind, parent, links: invocation is { } context && context.TraceId != parent.TraceId ? [new ActivityLink(context)] : null, startTime: startTime);
    }
}
