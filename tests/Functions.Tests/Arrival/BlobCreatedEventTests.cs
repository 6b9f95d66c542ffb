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
    public void BlobNames_ReadsBothSchemas(string message) => Assert.Equal(["data/m/f.csv"], BlobCreatedEvent.BlobNames(message));

    [Theory]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobDeleted","subject":"/blobServices/default/containers/drop/blobs/data/m/f.csv"}""")]
    [InlineData("""{"eventType":"Microsoft.Storage.BlobCreated","subject":"/blobServices/default/containers/other/blobs/data/m/f.csv"}""")]
    [InlineData("""{"eventType":7,"subject":null}""")]
    [InlineData("[1,null,\"x\"]")]
    [InlineData("{}")]
    public void BlobNames_PassesOver_WhatIsNotOurs(string message) => Assert.Empty(BlobCreatedEvent.BlobNames(message));

    [Fact]
    public void BlobNames_Fails_OnWhatIsNotJson() => Assert.ThrowsAny<JsonException>(() => BlobCreatedEvent.BlobNames("not json"));
}
