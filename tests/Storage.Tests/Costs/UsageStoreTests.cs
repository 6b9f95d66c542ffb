using Mlops.Core.Costs;
using Mlops.Storage.Arrival;
using Mlops.Storage.Costs;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Costs;

public class UsageStoreTests(AzuriteFixture azurite)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task AddAsync_ManyInstancesAtOnce_LosesNothing()
    {
        UsageStore store = new(await Stores.OpenAsync(azurite));
        string model = TestNames.Model();
        DateOnly day = new(2031, 3, 4);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.AddAsync(new UsageRow(model, UsageKind.Serving, day, new Usage { Executions = 2, InstanceSeconds = 0.5 }), None)));
        await store.AddAsync(new UsageRow(model, UsageKind.Work, day, new Usage { BlobReads = 1 }), None);
        await store.AddAsync(new UsageRow(model, UsageKind.Serving, day.AddDays(1), new Usage { Executions = 1 }), None);
        await store.AddAsync(new UsageRow(model, UsageKind.Serving, day.AddMonths(1), new Usage { Executions = 1 }), None);
        UsageRow[] rows = [.. (await store.ReadAsync("2031-03", None)).Where(row => row.Model == model)];
        Assert.Equal(3, rows.Length);
        Assert.Equal(new Usage { Executions = 12, InstanceSeconds = 3 }, rows.Single(row => row.Kind == UsageKind.Serving && row.Day == day).Used);
    }

    [Fact]
    public async Task MeasureAsync_BlobsOfAModel_AreAddedUpOverContainers()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        await new DropZone(connection).WriteAsync($"data/{model}/a.csv", new MemoryStream(new byte[1000]), 1 << 20, None);
        await connection.Container(StorageNames.Models).GetBlobClient($"{model}/hash.onnx").UploadAsync(new BinaryData(new byte[500]));
        IReadOnlyDictionary<string, long> bytes = await new BlobSizes(connection).MeasureAsync(None);
        Assert.Equal(1500, bytes[model]);
        UsageStore store = new(connection);
        await store.WriteBytesAsync(new StoredBytes(DateTimeOffset.UnixEpoch, bytes), None);
        Assert.Equal(1500, (await store.FindBytesAsync(None))!.ByModel[model]);
    }

    [Theory]
    [InlineData("drop", "data/churn/2026/a.csv", "churn")]
    [InlineData("reports", "drift/churn/id.html", "churn")]
    [InlineData("predictions", "churn/2026/01/01/00/x", "churn")]
    [InlineData("datasets", "churn/contract.json", "churn")]
    [InlineData("runs", "run.json", "")]
    [InlineData("drop", "data/file.csv", "")]
    [InlineData("models", "Not A Model/x", "")]
    public void ModelOf_Blob_IsTheFolderThatNamesIt(string container, string name, string expected) => Assert.Equal(expected, BlobSizes.ModelOf(container, name));
}
