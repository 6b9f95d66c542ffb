using Mlops.TestKit;
using OpenTelemetry;

namespace Mlops.Local.Tests.Sdk;

/// <summary>The list holds what the sources show of Azure.Monitor.OpenTelemetry.Exporter 1.6, Worker.OpenTelemetry 1.2 and OpenTelemetry.Extensions.Hosting, as far as the app uses it.</summary>
public sealed class OpenTelemetryConformanceTests
{
    [Fact]
    public void StandIn_HasOnlyOfficialMembers()
    {
        var extra = ApiListing.NotOfficial(typeof(OpenTelemetryBuilder).Assembly, Repository.File("tests", "golden", "api", "opentelemetry.txt"));

        Assert.True(extra.Count == 0, $"The stand-in has {extra.Count} public member(s) that the official packages lack, or have with another signature:\n{string.Join('\n', extra)}");
    }

    [Fact]
    public void Listing_OfStandIn_FindsItsTypes() =>
        Assert.Contains("OpenTelemetry.OpenTelemetryBuilder.Services { get; } : Microsoft.Extensions.DependencyInjection.IServiceCollection", ApiListing.Of(typeof(OpenTelemetryBuilder).Assembly));
}
