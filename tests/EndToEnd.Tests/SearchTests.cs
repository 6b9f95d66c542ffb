using System.Net;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class SearchTests(Platform platform)
{
    /// <summary>Weak by hand, better by search: what is searched for must win.</summary>
    private const string Configuration = """
        training:
          folds: 3
          candidates:
            - {trainer: baseline}
            - {trainer: linear, parameters: {strength: {from: 0.0001, to: 10, scale: log}}}
          search: {method: tpe, trials: 9, parallel: 3, rungs: 2}
        rollout: {steps: []}
        """;

    [Fact]
    public async Task Search_AskedForInModelYaml_FindsTheChampionAndShowsItsTrials()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", Configuration);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(51, noise: 0.1));
        var pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);

        // The model's page leads to the search, the search to its trials, and the version to the trial that won.
        var page = (await platform.FindModelAsync(model))!.Value;
        var search = await RunAsync(page.GetProperty("search").GetProperty("run").GetString()!);
        Assert.Equal("finished", search.GetProperty("run").GetProperty("status").GetString());
        JsonElement[] trials = [.. search.GetProperty("children").EnumerateArray()];
        Assert.Equal([("finished", 3), ("pruned", 6)], trials.GroupBy(trial => trial.GetProperty("status").GetString()).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key!, g.Count())));

        var winner = trials.Where(trial => trial.GetProperty("status").GetString() == "finished").MinBy(trial => trial.GetProperty("metrics").GetProperty("logLoss").GetDouble());
        var version = page.GetProperty("versions")[0];
        Assert.Equal(winner.GetProperty("id").GetString(), version.GetProperty("run").GetString());
        var points = (await RunAsync(winner.GetProperty("id").GetString()!)).GetProperty("points").EnumerateArray();
        Assert.Equal([1, 2], points.Where(point => point.GetProperty("name").GetString() == "rung.logLoss").Select(point => point.GetProperty("step").GetInt32()));
    }

    private async Task<JsonElement> RunAsync(string id) => (await platform.GetAsync($"/api/runs/{id}")).Expect(HttpStatusCode.OK).Json;
}
