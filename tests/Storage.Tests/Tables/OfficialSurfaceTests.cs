using System.Reflection;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class OfficialSurfaceTests
{
    [Fact]
    public void StandIn_EveryPublicMember_IsOfficial() =>
        Assert.Empty(ApiListing.NotOfficial(typeof(TableClient).Assembly, Repository.File("tests/golden/api/data-tables.txt")));

    [Fact]
    public void StandIn_WhatAppsUse_IsThere()
    {
        Assert.Equal("Azure.Data.Tables", Assembly.GetAssembly(typeof(TableClient))!.GetName().Name);
        var lines = ApiListing.Of(typeof(TableClient).Assembly);
        Assert.Contains("Azure.Data.Tables.TableClient.virtual Name { get; } : System.String", lines);
        Assert.True(lines.Count > 100, $"found {lines.Count} lines");
    }
}
