using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mlops.Storage;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Mlops.Functions.Hosting;

/// <summary>
/// Sends traces, metrics and logs where the settings say: to Azure Monitor with the app's identity, to any collector by OTLP, or to both. Without a
/// setting nothing is recorded, and costs nothing.
/// </summary>
internal static class TelemetryRegistration
{
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        bool monitor = builder.Configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 };
        bool collector = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        if (!monitor && !collector)
        {
            return builder;
        }

        IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry();
        telemetry.UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource(Telemetry.Name))
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name));

        // The alerts of infra/ look for texts, and people for the model, version and run that a line is about.
        builder.Services.Configure<OpenTelemetryLoggerOptions>(options =>
        {
            options.IncludeFormattedMessage = true;
            options.IncludeScopes = true;
        });
        if (monitor)
        {
            telemetry.UseAzureMonitorExporter(options => Configure(options, builder.Configuration["AZURE_CLIENT_ID"]));
        }

        if (collector)
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    internal static void Configure(AzureMonitorExporterOptions options, string? clientId)
    {
        // The component takes no keys; its connection string names only the address.
        options.Credential = StorageConnection.Credential(clientId);

        // Traces are sampled, at five a second by default. Log lines are not: by default those of a trace that is left out would be left out too, and alerts wait for them.
        options.EnableTraceBasedLogsSampler = false;
    }
}
