using System.Text.Json;
using Mlops.Functions.Arrival;

namespace Mlops.Functions.Tests.Arrival;

public class BlobCreatedEventTests
{
    private const string Subject = "/blobServices/default/containers/drop/blobs/data/m/f.csv";

    [Theory]
    [InlineData($$"""{"eventType":"Microsoft.Storage.BlobCreated","subject":"{{Subject}}"}""")]
    [InlineData($$"""[{"eventType":"Microsoft.Storage.BlobCreated","subject":"{{Subject}}"}]""")]
    [InlineData($$"""{"specversion":"1.0","type":"Microsoft.Storage.BlobCreated","subject":"{{Subject}}"}""")]
    public void Read_TakesBothSchemas(string message) => Assert.Equal([new BlobCreatedEvent("data/m/f.csv", null, null)], BlobCreatedEvent.Read(message));

    [Fact]
    public void Read_TakesTimeAndTrace_WhereTheEventHasThem() => Assert.Equal(
        [new BlobCreatedEvent("data/m/f.csv", new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")],
        BlobCreatedEvent.Read($$"""{"specversion":"1.0","type":"Microsoft.Storage.BlobCreated","subject":"{{Subject}}","time":"2026-03-01T10:00:00Z","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}"""));

    [Theory]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted","subject":"/blobServices/default/containers/drop/blobs/data/m/f.csv"}""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/other/blobs/data/m/f.csv"}""")]
    [InlineData("""{"eventType":7,"subject":null}""")]
    [InlineData("[1,null,\"x\"]")]
    [InlineData("{}")]
    public void Read_PassesOver_WhatIsNotOurs(string message) => Assert.Empty(BlobCreatedEvent.Read(message));

    [Fact]
    public void Read_Fails_OnWhatIsNotJson() => Assert.ThrowsAny<JsonException>(() => BlobCreatedEvent.Read("not json"));
}
