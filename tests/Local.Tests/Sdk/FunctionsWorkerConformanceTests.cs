using Microsoft.Azure.Functions.Worker;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Sdk;

public sealed class FunctionsWorkerConformanceTests
{
    [Fact]
    public void StandIn_HasOnlyOfficialMembers()
    {
        var extra = ApiListing.NotOfficial(typeof(FunctionAttribute).Assembly, Repository.File("tests", "golden", "api", "functions-worker.txt"));

        Assert.True(extra.Count == 0, $"The stand-in has {extra.Count} public member(s) that the official packages lack, or have with another signature:\n{string.Join('\n', extra)}");
    }

    [Fact]
    public void Listing_OfStandIn_FindsItsTypes()
    {
        var lines = ApiListing.Of(typeof(FunctionAttribute).Assembly);

        Assert.Contains("Microsoft.Azure.Functions.Worker.FunctionAttribute..ctor(System.String name)", lines);
        Assert.True(lines.Count > 200, $"found {lines.Count} lines");
    }
}
