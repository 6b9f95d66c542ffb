using System.Net;
using System.Text;
using System.Text.Json;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>What is wrong with a file is said in a report, in quarantine, and nothing is trained. Each reader's case has a test of its own in Core.Tests.</summary>
public sealed class BadInputTests(Platform platform)
{
    public static TheoryData<string, string, string> BadFiles => new()
    {
        { "empty.csv", "", "no bytes" },
        { "header.csv", "x1,x2,label\n", "row" },
        { "duplicate.csv", "x1,x1,label\n1,2,yes\n", "x1" },
        { "constant.csv", "x1,label\n" + string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i},yes")) + "\n", "label" },
        { "nul.csv", "x1,label\n1,y\0es\n", "NUL" },
        { "lines.jsonl", "{\"x1\":1}\n[1,2]\n", "object" },
        { "not.csv.gz", "x1,label\n1,yes\n", "gzip" },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public async Task Drop_BadFile_IsBlockedWithAReport(string file, string content, string expected)
    {
        string model = TestNames.Model("bad");
        await platform.DropAsync(model, file, content);
        JsonElement pipeline = await platform.PipelineOfAsync(model, file);
        Assert.True(pipeline.GetProperty("status").GetString() == "blocked", pipeline.ToString());
        string id = pipeline.GetProperty("id").GetString()!;
        string report = (await platform.GetAsync($"/api/quarantine/{model}/{id}?format=json")).Expect(HttpStatusCode.OK).Text;
        Assert.Contains(expected, report + pipeline.GetProperty("reason").GetString(), StringComparison.OrdinalIgnoreCase);
        (await platform.GetAsync($"/api/quarantine/{model}/{id}")).Expect(HttpStatusCode.OK);
        JsonElement found = (await platform.FindModelAsync(model))!.Value;
        Assert.Equal(0, found.GetProperty("versions").GetArrayLength());
        Assert.Equal(0, found.GetProperty("datasets").GetArrayLength());
    }

    [Fact]
    public async Task Drop_AnEmptyColumn_AndAClassTooRareForEveryFold_IsLearnedFromAllTheSame()
    {
        string model = TestNames.Model("rare");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        Random random = new(5);
        string csv = "x1,nothing,label\n" + string.Concat(Enumerable.Range(0, 300).Select(i => i < 3 ? $"9{i},,rare\n" : FormattableString.Invariant($"{random.NextDouble() + (i % 2):0.###},,{(i % 2 == 0 ? "low" : "high")}\n")));
        await platform.DropAsync(model, "rows.csv", csv);
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.True(pipeline.GetProperty("status").GetString() == "promoted", pipeline.ToString());
        await platform.ChampionAsync(model, 1);
        JsonElement row = (await platform.PredictAsync(model, [new { x1 = 1.9, nothing = (string?)null }])).Expect(HttpStatusCode.OK).Json.GetProperty("predictions")[0];
        Assert.Equal("high", row.GetProperty("label").GetString());
        Assert.Equal(3, row.GetProperty("probabilities").EnumerateObject().Count());
    }

    [Fact]
    public async Task Drop_InvalidUtf8_IsBlocked()
    {
        string model = TestNames.Model("bad");
        await platform.DropAsync(model, "latin.csv", new BinaryData([.. Encoding.ASCII.GetBytes("x1,label\n1,caf"), 0xE9, .. Encoding.ASCII.GetBytes("\n")]));
        Assert.Equal("blocked", (await platform.PipelineOfAsync(model, "latin.csv")).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("target: [unclosed", "model.yaml line")]
    [InlineData("training:\n  folds: many\n", "training.folds")]
    [InlineData("trianing:\n  folds: 3\n", "training")]
    public async Task Drop_WithABadModelYaml_NamesLineAndKey(string yaml, string expected)
    {
        string model = TestNames.Model("yaml");
        await platform.DropAsync(model, "model.yaml", yaml);
        await platform.DropAsync(model, "rows.csv", SeededData.Csv(31));
        JsonElement pipeline = await platform.PipelineOfAsync(model, "rows.csv");
        Assert.Equal("blocked", pipeline.GetProperty("status").GetString());
        Assert.Contains(expected, pipeline.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x.csv")]
    [InlineData("%2e%2e/x.csv")]
    [InlineData("/x.csv")]
    [InlineData("😀.csv")]
    [InlineData("x.exe")]
    [InlineData("model.yaml")]
    [InlineData("")]
    public async Task Upload_BadFileName_IsRefused(string name)
    {
        Answer answer = await platform.UploadAsync(TestNames.Model("name"), name, "a,label\n1,yes\n");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("\"detail\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_LongNames_AreRefused_AndNotEchoed()
    {
        string longName = new('a', 300);
        Answer file = await platform.UploadAsync(TestNames.Model("name"), $"{longName}.csv", "a,label\n1,yes\n");
        Assert.Equal(HttpStatusCode.BadRequest, file.Status);
        Answer model = await platform.UploadAsync(longName, "x.csv", "a,label\n1,yes\n");
        Assert.Equal(HttpStatusCode.BadRequest, model.Status);
        Assert.DoesNotContain(longName, file.Text + model.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/models/..%2f..%2fetc")]
    [InlineData("/api/models/%2e%2e/ledger")]
    [InlineData("/api/pipelines/..%2fx")]
    [InlineData("/api/runs/%00")]
    [InlineData("/api/quarantine/m/..%2f..%2fx")]
    [InlineData("/api/lineage/%3Cscript%3E")]
    public async Task Get_HostilePaths_AreRefused(string path)
    {
        Answer answer = await platform.GetAsync(path);
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)answer.Status} {answer.Text}");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("{\"rows\":{}}")]
    [InlineData("{\"rows\":[{}],\"key\":7}")]
    public async Task Predict_BadBody_Is400(string body)
    {
        Answer answer = await platform.SendAsync(HttpMethod.Post, "/api/models/whatever/predict", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.True(answer.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{(int)answer.Status} {answer.Text}");
    }

    [Fact]
    public async Task Predict_DeepJson_Is400()
    {
        string body = string.Concat(Enumerable.Repeat("[", 10_000)) + string.Concat(Enumerable.Repeat("]", 10_000));
        Answer answer = await platform.SendAsync(HttpMethod.Post, "/api/models/whatever/predict", new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    [Fact]
    public async Task Feedback_ForForeignIds_IsRefusedWhole()
    {
        Answer answer = await platform.PostAsync("/api/models/mine/feedback", new { labels = new[] { new { id = "p.theirs.1.2026010100.0123456789abcdef0123456789abcdef", label = "yes" }, new { id = "x", label = "yes" } } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("labels[0].id", answer.Text, StringComparison.Ordinal);
        Assert.Contains("labels[1].id", answer.Text, StringComparison.Ordinal);
    }
}
