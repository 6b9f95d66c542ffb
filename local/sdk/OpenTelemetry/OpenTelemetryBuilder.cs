using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry;

/// <summary>Configures the telemetry of an app; what it can do are extensions of <see cref="IOpenTelemetryBuilder"/>.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    /// <summary>The app's services.</summary>
    public IServiceCollection Services { get; }
}
