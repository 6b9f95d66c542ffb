using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Mlops.Core.Statistics;
using Mlops.Storage.Monitoring;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Monitoring;

public class DriftStoreTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task AddAsync_BothForms_AreTaggedAsDocuments()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        DriftStore store = new(connection);
        string model = TestNames.Model();
        await store.AddAsync(new DriftSummary("r1", model, 1, DateTimeOffset.UnixEpoch, DriftVerdict.TooFewRows, 0, "too few", true), new DriftReport(DriftVerdict.TooFewRows, 0.05, 0, [], "too few"), null, CancellationToken.None);

        BlobContainerClient reports = connection.Container(StorageNames.Reports);
        List<string> names = [];
        await foreach (BlobItem blob in reports.GetBlobsAsync(BlobTraits.Tags, BlobStates.None, $"drift/{model}/", CancellationToken.None))
        {
            names.Add(blob.Name);
            Assert.Equal(StorageNames.DocumentRetention, (await reports.GetBlobClient(blob.Name).GetTagsAsync()).Value.Tags[StorageNames.RetentionTag]);
        }

        Assert.Equal([$"drift/{model}/r1.html", $"drift/{model}/r1.json"], names);
        Assert.Equal("r1", Assert.Single(await store.ListAsync(model, 10, CancellationToken.None)).Id);
    }
}
