using Azure.Core;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>Where telemetry goes in Azure, and as whom.</summary>
public class AzureMonitorExporterOptions : ClientOptions
{
    /// <summary>The connection string; by default that of APPLICATIONINSIGHTS_CONNECTION_STRING.</summary>
    public string ConnectionString { get; set; } = string.Empty;

    /// <summary>The identity that writes; none: the key in the connection string.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Whether log lines within a trace that is not sampled are dropped.</summary>
    public bool EnableTraceBasedLogsSampler { get; set; } = true;
}
