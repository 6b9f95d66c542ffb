using Mlops.Storage.Pipelines;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Pipelines;

public class PipelineOutcomesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task SetOutcomeAsync_CountsEachPipelineOnce_ByTriggerAndStatus()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        PipelineStore pipelines = new(connection, TimeProvider.System);
        string model = TestNames.Model();
        for (int i = 0; i < 6; i++)
        {
            await pipelines.AddAsync(new PipelineRecord($"{model}-{i}", model, i % 2 == 0 ? "data" : "drift", "f", DateTimeOffset.UnixEpoch), CancellationToken.None);
            await pipelines.SetOutcomeAsync($"{model}-{i}", i == 5 ? "failed" : "promoted", "because", null, CancellationToken.None);
            await pipelines.SetOutcomeAsync($"{model}-{i}", i == 5 ? "failed" : "promoted", "because", null, CancellationToken.None);
        }

        Assert.Equal([("data", "promoted", 3L), ("drift", "failed", 1L), ("drift", "promoted", 2L)], await CountsAsync(connection, model));
    }

    [Fact]
    public async Task CountAsync_AgainAfterADeath_CountsOnce_AlsoFromManyAtOnce()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        PipelineRecord[] records = [.. Enumerable.Range(0, 5).Select(i => new PipelineRecord($"{model}-{i}", model, "data", "f", DateTimeOffset.UnixEpoch))];
        PipelineOutcomes outcomes = new(connection);
        await Task.WhenAll(records.Concat(records).Select(record => outcomes.CountAsync(record, "promoted", CancellationToken.None)));
        Assert.Equal([("data", "promoted", 5L)], await CountsAsync(connection, model));
    }

    private static async Task<(string Trigger, string Status, long Count)[]> CountsAsync(StorageConnection connection, string model) =>
        [.. (await new PipelineOutcomes(connection).ReadAsync(CancellationToken.None)).Where(count => count.Model == model).Select(count => (count.Trigger, count.Status, count.Count)).Order()];
}
