using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Azure.Data.Tables;
using Mlops.Cli;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>A repository's configurations, planned and applied with the command-line tool against the running platform.</summary>
public sealed class GitOpsTests : IDisposable
{
    private readonly string _repository = Directory.CreateTempSubdirectory("mlops-gitops-").FullName;
    private readonly Platform _platform;

    public GitOpsTests(Platform platform)
    {
        _platform = platform;

        // The tool takes its token from there.
        Environment.SetEnvironmentVariable("MLOPS_TOKEN", platform.AdminToken);
    }

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [Fact]
    public async Task Apply_RepositorysConfiguration_IsPlannedAppliedRecordedAndWatched()
    {
        string model = TestNames.Model("gitops");
        Write(model, SeededData.QuickTraining);

        // Nothing runs yet: the plan says what would change, and --check that it has not been.
        (int exit, string text) = await Run("plan", Url, "--models", _repository);
        Assert.Equal(CommandLine.Passed, exit);
        Assert.Contains("training.folds: 5 → 2", text, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failed, (await Run("plan", Url, "--models", _repository, "--check")).Exit);

        Assert.Equal(CommandLine.Passed, (await Run("apply", Url, "--models", _repository, "--source", "commit abc123")).Exit);
        Assert.Equal(CommandLine.Passed, (await Run("plan", Url, "--models", _repository, "--check")).Exit);
        JsonElement configuration = await Configuration(model);
        Assert.Equal("applied", configuration.GetProperty("state").GetString());
        Assert.Equal("commit abc123", configuration.GetProperty("applied").GetProperty("source").GetString());

        // Again: nothing changes, and the ledger does not grow.
        (exit, text) = await Run("apply", Url, "--models", _repository);
        Assert.Equal(CommandLine.Passed, exit);
        Assert.Contains("in force", text, StringComparison.Ordinal);
        JsonElement entry = Assert.Single((await _platform.GetAsync($"/api/models/{model}/ledger")).Json.GetProperty("entries").EnumerateArray());
        Assert.Equal("configure", entry.GetProperty("action").GetString());
        Assert.Contains("commit abc123", entry.GetProperty("detail").GetString(), StringComparison.Ordinal);

        // Somebody edits the file in storage: found, shown, and set right by the next apply.
        await _platform.DropAsync(model, "model.yaml", SeededData.QuickTraining.Replace("folds: 2", "folds: 3", StringComparison.Ordinal));
        Assert.Equal("drifted", (await Configuration(model)).GetProperty("state").GetString());
        (exit, text) = await Run("plan", Url, "--models", _repository, "--check");
        Assert.Equal(CommandLine.Failed, exit);
        Assert.Contains("DRIFT", text, StringComparison.Ordinal);
        Assert.Contains("training.folds: 3 → 2", text, StringComparison.Ordinal);
        Assert.Equal(CommandLine.Passed, (await Run("apply", Url, "--models", _repository)).Exit);
        Assert.Equal(2, (await Configuration(model)).GetProperty("applied").GetProperty("revision").GetInt32());
        Assert.Equal(CommandLine.Passed, (await Run("plan", Url, "--models", _repository, "--check")).Exit);

        (exit, text) = await Run("ledger", "verify", Url, "--model", model);
        Assert.True(exit == CommandLine.Passed, text);
        Assert.Contains("2 entries, 2 anchors, confirmed up to entry 2", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_ModelWithDataAndAChampion_SaysWhichBatchesAndVersionsFail()
    {
        string model = TestNames.Model("gitops");
        await _platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await _platform.DropAsync(model, "first.csv", SeededData.Csv(51, rows: 800, noise: 0.1));
        await _platform.PipelineOfAsync(model, "first.csv");
        await _platform.ChampionAsync(model, 1);

        Write(model, SeededData.QuickTraining.Replace("  folds: 2\n", "  folds: 2\n  holdout: 0.4\n", StringComparison.Ordinal) + "validation:\n  minimumRows: 5000\ngates:\n  floors: {accuracy: 0.999}\n");
        (int exit, string text) = await Run("plan", Url, "--models", _repository);
        Assert.Equal(CommandLine.Passed, exit);
        Assert.Contains("the split was fixed by the model's first plan", text, StringComparison.Ordinal);
        Assert.Contains("1 of 1 checked (1 kept) would be blocked", text, StringComparison.Ordinal);
        Assert.Contains($"data/{model}/first.csv", text, StringComparison.Ordinal);
        Assert.Contains("below the floors: version 1 (Champion): accuracy", text, StringComparison.Ordinal);

        // A plan writes nothing.
        Assert.Equal("dropped", (await Configuration(model)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Apply_OfAPlan_RefusesWhatChangedSince()
    {
        string model = TestNames.Model("gitops");
        string plan = Path.Combine(_repository, "plan.json");
        Write(model, "training: {folds: 3}\n");
        Assert.Equal(CommandLine.Passed, (await Run("plan", Url, "--models", _repository, "--out", plan)).Exit);

        Write(model, "training: {folds: 4}\n");
        (int exit, string text) = await Run("apply", Url, "--models", _repository, "--plan", plan);
        Assert.Equal(CommandLine.Failed, exit);
        Assert.Contains("The repository's file is not the one that was planned", text, StringComparison.Ordinal);

        Write(model, "training: {folds: 3}\n");
        await _platform.DropAsync(model, "model.yaml", "training: {folds: 9}\n");
        (exit, text) = await Run("apply", Url, "--models", _repository, "--plan", plan);
        Assert.Equal(CommandLine.Failed, exit);
        Assert.Contains("The file in storage is not the one that was planned against", text, StringComparison.Ordinal);
        Assert.Contains("folds: 9", (await Configuration(model)).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_OneFileWithErrors_AppliesNone()
    {
        (string good, string bad) = (TestNames.Model("gitops-a"), TestNames.Model("gitops-b"));
        Write(good, "training: {folds: 3}\n");
        Write(bad, "trainning: {folds: 3}\n");
        (int exit, string text) = await Run("apply", Url, "--models", _repository);
        Assert.Equal(CommandLine.Failed, exit);
        Assert.Contains("trainning", text, StringComparison.Ordinal);
        Assert.Equal("convention", (await Configuration(good)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Put_ByManyAtOnce_OneWins_AndTheOthersAreTold()
    {
        string model = TestNames.Model("gitops");
        HttpStatusCode[] statuses = await Task.WhenAll(Enumerable.Range(2, 6).Select(async folds =>
        {
            using HttpClient client = new() { BaseAddress = _platform.BaseUrl };
            client.DefaultRequestHeaders.Authorization = _platform.AdminToken.Length == 0 ? null : new AuthenticationHeaderValue("Bearer", _platform.AdminToken);
            using HttpRequestMessage request = new(HttpMethod.Put, $"/api/models/{model}/configuration") { Content = new StringContent($"training: {{folds: {folds}}}") };
            request.Headers.IfNoneMatch.ParseAdd("*");
            using HttpResponseMessage response = await client.SendAsync(request);
            return response.StatusCode;
        }));
        Assert.Equal(1, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(5, statuses.Count(status => status == HttpStatusCode.PreconditionFailed));
        Assert.Equal("applied", (await Configuration(model)).GetProperty("state").GetString());
        Assert.Single((await _platform.GetAsync($"/api/models/{model}/ledger")).Json.GetProperty("entries").EnumerateArray());

        // Without a word about what it replaces, nothing is replaced.
        (await _platform.SendAsync(HttpMethod.Put, $"/api/models/{model}/configuration", new StringContent("training: {folds: 20}"))).Expect((HttpStatusCode)428);
        (await _platform.SendAsync(HttpMethod.Put, $"/api/models/{model}/configuration", new StringContent(new string('#', 70_000)))).Expect(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Verification_LedgerTamperedWithInStorage_IsFoundByTheToolAndTheEndpoint()
    {
        string model = TestNames.Model("ledger");
        Write(model, "training: {folds: 3}\n");
        await Run("apply", Url, "--models", _repository);
        Write(model, "training: {folds: 4}\n");
        await Run("apply", Url, "--models", _repository);
        TableClient table = new(_platform.Storage, "Registry");
        await table.DeleteEntityAsync(model, "ledger-0000000002");

        (int exit, string text) = await Run("ledger", "verify", Url, "--model", model);
        Assert.Equal(CommandLine.Failed, exit);
        Assert.Contains("Entry 2 was anchored", text, StringComparison.Ordinal);
        JsonElement verification = (await _platform.GetAsync($"/api/models/{model}/ledger/verification")).Expect(HttpStatusCode.OK).Json;
        Assert.False(verification.GetProperty("holds").GetBoolean());
    }

    [Fact]
    public async Task Costs_AfterSomeUse_AreByModel_InJsonOnAPageAndInTheTool()
    {
        await UntilNoMonthEndsAsync();
        string model = TestNames.Model("cost");
        for (int i = 0; i < 3; i++)
        {
            await _platform.GetAsync($"/api/models/{model}/configuration");
        }

        await _platform.FireAsync("MeasureStorage");
        JsonElement report = (await Eventually.GetAsync("storage is measured", async () =>
            (await _platform.GetAsync("/api/costs")).Expect(HttpStatusCode.OK) is var answer && answer.Json.TryGetProperty("bytesMeasured", out _) ? answer : null)).Json.GetProperty("report");
        JsonElement used = report.GetProperty("models").EnumerateArray().Single(entry => entry.GetProperty("model").GetString() == model).GetProperty("used");
        Assert.Equal(3, used.GetProperty("executions").GetInt32());
        Assert.True(used.GetProperty("blobReads").GetInt32() >= 3);
        Assert.True(report.GetProperty("idle").GetProperty("timerExecutions").GetDouble() > 1000);
        Answer page = (await _platform.GetAsync("/api/costs?format=html")).Expect(HttpStatusCode.OK);
        Assert.Contains(model, page.Text, StringComparison.Ordinal);
        (await _platform.GetAsync("/api/costs?month=11/2026")).Expect(HttpStatusCode.BadRequest);
        (int exit, string text) = await Run("cost", Url);
        Assert.Equal(CommandLine.Passed, exit);
        Assert.Contains($"{model}: 3 executions", text, StringComparison.Ordinal);
    }

    // A report is of one month.
    private static Task UntilNoMonthEndsAsync()
    {
        DateTime now = DateTime.UtcNow;
        TimeSpan left = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1) - now;
        return left < TimeSpan.FromMinutes(5) ? Task.Delay(left + TimeSpan.FromSeconds(1)) : Task.CompletedTask;
    }

    private string Url => _platform.BaseUrl.ToString();

    private async Task<JsonElement> Configuration(string model) => (await _platform.GetAsync($"/api/models/{model}/configuration")).Expect(HttpStatusCode.OK).Json;

    private static async Task<(int Exit, string Text)> Run(params string[] arguments)
    {
        using StringWriter output = new();
        int exit = await CommandLine.RunAsync(arguments, output, output, TestContext.Current.CancellationToken);
        return (exit, output.ToString());
    }

    private void Write(string model, string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_repository, model));
        File.WriteAllText(Path.Combine(_repository, model, "model.yaml"), yaml);
    }
}
