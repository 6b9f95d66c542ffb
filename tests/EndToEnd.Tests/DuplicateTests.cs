using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class DuplicateTests(Platform platform)
{
    [Fact]
    public async Task Drop_SameBytesAgain_TrainsNothing()
    {
        var model = TestNames.Model();
        var csv = SeededData.Csv(11);
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "first.csv", csv);
        Assert.Equal("promoted", Status(await platform.PipelineOfAsync(model, "first.csv")));
        await platform.DropAsync(model, "second.csv", csv);
        Assert.Equal("duplicate", Status(await platform.PipelineOfAsync(model, "second.csv")));

        var found = (await platform.FindModelAsync(model))!.Value;
        Assert.Single(found.GetProperty("versions").EnumerateArray());
        Assert.Single(found.GetProperty("datasets").EnumerateArray());
    }

    [Fact]
    public async Task Events_FiftyOfOneFile_StartOnePipeline()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(12));
        await platform.TellAgainAsync(model, "rows.csv", 50);
        var pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("promoted", Status(pipeline));
        await Eventually.HoldsAsync("all events are handled", async () => await platform.WaitingEventsAsync() == 0);

        var found = (await platform.FindModelAsync(model))!.Value;
        Assert.Equal([pipeline.GetProperty("id").GetString()], found.GetProperty("pipelines").EnumerateArray().Select(p => p.GetProperty("id").GetString()));
        Assert.Single(found.GetProperty("versions").EnumerateArray());
        var steps = (await platform.GetAsync($"/api/pipelines/{pipeline.GetProperty("id").GetString()}")).Json.GetProperty("steps").EnumerateArray().ToList();
        Assert.All(steps, step => Assert.Equal(1, step.GetProperty("attempts").GetInt32()));
    }

    private static string? Status(JsonElement pipeline) => pipeline.GetProperty("status").GetString();
}
