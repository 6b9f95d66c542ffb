using Azure.Monitor.OpenTelemetry.Exporter;
using Mlops.Functions.Hosting;

namespace Mlops.Functions.Tests.Hosting;

public class TelemetryRegistrationTests
{
    [Fact]
    public void Exporter_WritesAsTheApp_AndDropsNoLogLineOfATraceThatIsNotSampled()
    {
        AzureMonitorExporterOptions options = new();
        Assert.True(options.EnableTraceBasedLogsSampler);
        TelemetryRegistration.Configure(options, "00000000-0000-0000-0000-000000000001");
        Assert.False(options.EnableTraceBasedLogsSampler);
        Assert.NotNull(options.Credential);
    }
}
