using System.Net;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

public sealed class BlockedDataTests(Platform platform)
{
    [Fact]
    public async Task Drop_DataThatBreaksTheContract_IsQuarantinedWithAReport()
    {
        var model = TestNames.Model();
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "good.csv", SeededData.Csv(21));
        await platform.PipelineOfAsync(model, "good.csv");
        await platform.ChampionAsync(model, 1);

        await platform.DropAsync(model, "bad.csv", "x1,colour,label\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"broken{i},red,yes\n")));
        var pipeline = await platform.PipelineOfAsync(model, "bad.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "blocked", pipeline.ToString());

        var path = $"/api/quarantine/{model}/{pipeline.GetProperty("id").GetString()}";
        var report = (await platform.GetAsync(path + "?format=json")).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("block", report.GetProperty("verdict").GetString(), ignoreCase: true);
        var problems = report.GetProperty("problems").EnumerateArray().ToList();
        Assert.Contains(problems, p => p.TryGetProperty("column", out var column) && column.GetString() == "x2");
        Assert.Contains(problems, p => p.TryGetProperty("column", out var column) && column.GetString() == "x1");
        var page = (await platform.GetAsync(path)).Expect(HttpStatusCode.OK);
        Assert.Contains("x2", page.Text, StringComparison.Ordinal);

        var found = (await platform.FindModelAsync(model))!.Value;
        Assert.Single(found.GetProperty("versions").EnumerateArray());
        Assert.Single(found.GetProperty("datasets").EnumerateArray());
    }

    [Theory]
    [InlineData("empty", "")]
    [InlineData("header", "x1,x2,label\n")]
    [InlineData("twice", "x1,x1,label\n1,2,a\n3,4,b\n")]
    [InlineData("constant", "x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n7,8,a\n")]
    public async Task Drop_FirstDataThatNothingCanBeLearnedFrom_IsBlockedWithAReason(string name, string content)
    {
        var model = TestNames.Model(name);
        await platform.DropAsync(model, "first.csv", content);
        var pipeline = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "blocked", pipeline.ToString());
        Assert.False(string.IsNullOrWhiteSpace(pipeline.GetProperty("reason").GetString()));
        Assert.Empty((await platform.FindModelAsync(model))!.Value.GetProperty("versions").EnumerateArray());
    }

    [Fact]
    public async Task Drop_ConfigurationThatIsWrong_BlocksNamingLineAndKey()
    {
        var model = TestNames.Model("yaml");
        await platform.DropAsync(model, "model.yaml", "target: label\ntraining:\n  folds: many\n");
        await platform.DropAsync(model, "first.csv", SeededData.Csv(22));
        var pipeline = await platform.PipelineOfAsync(model, "first.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "blocked", pipeline.ToString());
        Assert.Contains("folds", pipeline.GetProperty("reason").GetString()!, StringComparison.Ordinal);
        Assert.Contains("3", pipeline.GetProperty("reason").GetString()!, StringComparison.Ordinal);
    }
}
