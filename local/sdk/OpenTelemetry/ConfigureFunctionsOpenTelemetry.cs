using OpenTelemetry;
using OpenTelemetry.Trace;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>What a functions worker adds to the telemetry of its app.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Records invocations, and the requests that the host records in Azure: here worker and host are one process.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder) =>
        builder.WithTracing(tracing => tracing.AddSource("Microsoft.Azure.Functions.Worker", "Microsoft.AspNetCore"));
}
