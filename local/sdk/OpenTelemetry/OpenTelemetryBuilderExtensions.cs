using OpenTelemetry;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Sends telemetry to Azure Monitor.</summary>
public static class OpenTelemetryBuilderExtensions
{
    /// <summary>Only the official package can: this build says so at once.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static IOpenTelemetryBuilder UseAzureMonitorExporter(this IOpenTelemetryBuilder builder, Action<AzureMonitorExporterOptions> configureAzureMonitor) =>
        throw new NotSupportedException(
            "APPLICATIONINSIGHTS_CONNECTION_STRING is set, but this is the build for one machine, which has no exporter to Azure Monitor. Remove it and set OTEL_EXPORTER_OTLP_ENDPOINT to a collector, or publish the app (MlopsHost=azure).");
}
