using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Storage.Queues;
using Mlops.TestKit;
using Mlops.TestKit.Running;

namespace Mlops.EndToEnd.Tests;

/// <summary>The commands of the runbooks, taken out of the pages and run as they stand there.</summary>
public sealed partial class RunbookTests(Platform platform)
{
    // Blocks that only Azure has an answer to: its command-line tools, and Event Grid's dead letters.
    private static readonly string[] AzureOnly = ["README.md", "dead-letters.md"];

    [Fact]
    public void Commands_ThatNeedAzure_AreInThesePagesOnly() =>
        Assert.Equal(AzureOnly, Directory.EnumerateFiles(Repository.File("docs", "runbooks"), "*.md").Where(page => Blocks(File.ReadAllText(page)).Any(NeedsAzure)).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Commands_OfEveryPage_RunAsTheyStandThere()
    {
        // A champion, a canary and a drift report: what the pages ask about.
        string model = TestNames.Model("runbook");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "first.csv", SeededData.Csv(31, rows: 800, noise: 0.5));
        string pipeline = (await platform.PipelineOfAsync(model, "first.csv")).GetProperty("id").GetString()!;
        await platform.ChampionAsync(model, 1);
        await platform.DropAsync(model, "second.csv", SeededData.Csv(32, rows: 3000));
        await platform.PipelineOfAsync(model, "second.csv");
        await Eventually.HoldsAsync("version 2 is the challenger", async () => await platform.FindModelAsync(model) is { } found && found.GetProperty("aliases").TryGetProperty("challenger", out _));
        string report = await platform.DriftAsync(model, _ => true);
        string run = (await platform.FindModelAsync(model))!.Value.GetProperty("versions")[0].GetProperty("run").GetString()!;

        Dictionary<string, string> names = new() { ["MODEL"] = model, ["PIPELINE"] = pipeline, ["REPORT"] = report, ["RUN"] = run };
        int blocks = 0;
        foreach (string page in Directory.EnumerateFiles(Repository.File("docs", "runbooks"), "*.md").Where(page => Path.GetFileName(page) is not ("README.md" or "poison-queue.md")).Order(StringComparer.Ordinal))
        {
            string[] runnable = [.. Blocks(File.ReadAllText(page)).Where(block => !NeedsAzure(block))];
            blocks += runnable.Length;
            (int exit, string text) = await BashAsync(runnable, names);
            Assert.True(exit == 0, $"{Path.GetFileName(page)} ended with {exit}: {text}");
        }

        Assert.True(blocks >= 5, "The test no longer finds the commands.");

        // The pages' rollback was one.
        Assert.False((await platform.FindModelAsync(model))!.Value.GetProperty("aliases").TryGetProperty("challenger", out _));
    }

    [Fact]
    public async Task Commands_OfThePoisonPage_ShowTheMessageAndPutItBack()
    {
        string model = TestNames.Model("runbook");
        await platform.DropAsync(model, "model.yaml", SeededData.QuickTraining);
        await platform.DropAsync(model, "first.csv", SeededData.Csv(61));
        await platform.PipelineOfAsync(model, "first.csv");
        QueueClient poison = new(platform.Storage, "platform-events-poison", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await poison.CreateIfNotExistsAsync();
        string id = $"drift-{Guid.NewGuid():N}";
        await poison.SendMessageAsync(JsonSerializer.Serialize(new { id, eventType = "Mlops.DriftDetected", data = new { model, report = "r", summary = "s" } }));

        (int exit, string text) = await BashAsync([.. Blocks(await File.ReadAllTextAsync(Repository.File("docs", "runbooks", "poison-queue.md")))], []);
        Assert.True(exit == 0, text);
        Assert.Contains(id, text, StringComparison.Ordinal);

        // It was put back, and handled: the governor has answered it.
        await Eventually.HoldsAsync("the event is handled", async () => (await platform.GetAsync($"/api/models/{model}/retrain")).Expect(HttpStatusCode.OK).Text.Contains(id, StringComparison.Ordinal));
        Assert.Equal(0, (await poison.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    private static IEnumerable<string> Blocks(string page) => Block().Matches(page).Select(match => match.Groups["commands"].Value);

    private static bool NeedsAzure(string block) => AzureTool().IsMatch(block);

    private async Task<(int Exit, string Text)> BashAsync(string[] blocks, Dictionary<string, string> names)
    {
        // What the README of the runbooks has everybody define.
        IEnumerable<string> definitions = Blocks(await File.ReadAllTextAsync(Repository.File("docs", "runbooks", "README.md"))).SelectMany(block => block.Split('\n')).Where(line => Definition().IsMatch(line));
        string script = string.Join('\n', ["set -euo pipefail", .. definitions, .. blocks]);
        foreach ((string name, string value) in names)
        {
            script = Regex.Replace(script, $@"\b{name}\b", value);
        }

        ProcessStartInfo start = new("bash", ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        start.Environment["MLOPS_BASE_URL"] = platform.BaseUrl.ToString().TrimEnd('/');
        start.Environment["MLOPS_TOKEN"] = platform.AdminToken;
        using Process bash = Process.Start(start)!;
        Task<string> errors = bash.StandardError.ReadToEndAsync();
        string output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return (bash.ExitCode, $"{output}\n{await errors}\nThe script:\n{script}");
    }

    [GeneratedRegex(@"^ *```sh\n(?<commands>.*?)^ *```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?m)(^|\$\(|\| )\s*(az|azd|eval|dotnet run)\b")]
    private static partial Regex AzureTool();

    [GeneratedRegex(@"^(get|post)\(\)")]
    private static partial Regex Definition();
}
