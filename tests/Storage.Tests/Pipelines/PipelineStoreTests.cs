using Mlops.Storage.Pipelines;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Pipelines;

public class PipelineStoreTests(AzuriteFixture azurite)
{
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task ListAsync_GivesTheNewestFirst_AndEachOnce()
    {
        PipelineStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        for (int i = 0; i < 5; i++)
        {
            PipelineRecord pipeline = new($"{model}-{i}", model, "data", "f", _time.Now.AddMinutes(i));
            await store.AddAsync(pipeline, CancellationToken.None);
            await store.AddAsync(pipeline, CancellationToken.None);
        }

        Assert.Equal([$"{model}-4", $"{model}-3", $"{model}-2"], (await store.ListAsync(model, 3, CancellationToken.None)).Select(pipeline => pipeline.Id));
    }

    [Fact]
    public async Task AddAsync_AfterADeathBetweenItsTwoWrites_ListsThePipelineUnderItsFirstTime()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        PipelineStore store = new(connection, _time);
        string model = TestNames.Model();
        PipelineRecord first = new($"{model}-1", model, "data", "f", _time.Now);
        await connection.Table(StorageNames.PipelinesTable).AddEntityAsync(TableExtensions.Row(first.Id, "pipeline", first), CancellationToken.None);
        await store.AddAsync(first with { Created = _time.Now.AddMinutes(1) }, CancellationToken.None);
        await store.AddAsync(first with { Created = _time.Now.AddMinutes(2) }, CancellationToken.None);
        Assert.Equal([first], await store.ListAsync(model, 10, CancellationToken.None));
    }

    [Fact]
    public async Task ListAsync_ModelNamedLikeThePipelineOfAnother_SeesOnlyItsOwn()
    {
        PipelineStore store = new(await Stores.OpenAsync(azurite), _time);
        string name = TestNames.Model();
        await store.AddAsync(new($"model-{name}", "model", "data", "f", _time.Now), CancellationToken.None);
        await store.StartStepAsync($"model-{name}", "validate", CancellationToken.None);
        Assert.Empty(await store.ListAsync(name, 10, CancellationToken.None));
    }

    [Fact]
    public async Task StartStepAsync_KeepsTheFirstStart_AndCountsAttempts()
    {
        PipelineStore store = new(await Stores.OpenAsync(azurite), _time);
        string id = TestNames.Model();
        await store.StartStepAsync(id, "validate", CancellationToken.None);
        _time.Now += TimeSpan.FromMinutes(1);
        PipelineStep again = await store.StartStepAsync(id, "validate", CancellationToken.None);
        await store.EndStepAsync(id, again, "completed", new string('x', 5_000), CancellationToken.None);
        PipelineStep step = Assert.Single(await store.ReadStepsAsync(id, CancellationToken.None));
        Assert.Equal(("completed", 2, _time.Now.AddMinutes(-1), _time.Now), (step.Status, step.Attempts, step.Started, step.Ended!.Value));
        Assert.Equal(2_000, step.Detail!.Length);
    }

    [Fact]
    public async Task TakeWorkAsync_GivesOneOfManyPipelines_TheWork()
    {
        PipelineStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        string?[] owners = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.TakeWorkAsync(model, "work", $"{model}-{i}", CancellationToken.None)));
        Assert.Equal(1, owners.Count(owner => owner is null));
        string winner = $"{model}-{Array.IndexOf(owners, null)}";
        Assert.All(owners.OfType<string>(), owner => Assert.Equal(winner, owner));
        Assert.Null(await store.TakeWorkAsync(model, "work", winner, CancellationToken.None));
    }

    [Fact]
    public async Task TakeWorkAsync_TakesOver_WhatAFailedPipelineLeft()
    {
        PipelineStore store = new(await Stores.OpenAsync(azurite), _time);
        string model = TestNames.Model();
        await store.TakeWorkAsync(model, "work", $"{model}-1", CancellationToken.None);
        Assert.Equal($"{model}-1", await store.TakeWorkAsync(model, "work", $"{model}-2", CancellationToken.None));
        await store.SetOutcomeAsync($"{model}-1", "failed", "broken", null, CancellationToken.None);
        Assert.Null(await store.TakeWorkAsync(model, "work", $"{model}-2", CancellationToken.None));
        Assert.Equal($"{model}-2", await store.TakeWorkAsync(model, "work", $"{model}-3", CancellationToken.None));
    }
}
