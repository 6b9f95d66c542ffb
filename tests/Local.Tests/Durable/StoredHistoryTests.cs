using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core.Serialization;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Functions.Deployment;
using Mlops.Functions.Training;
using Mlops.Local.Durable;
using Mlops.Local.Durable.History;
using Mlops.Local.Durable.Replay;
using Mlops.Local.Durable.Storage;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Durable;

/// <summary>
/// Histories of released versions, kept in tests/golden/histories: today's orchestrators must replay each of them, call for call, to the end that
/// it had. When one fails, an orchestrator changed what instances in flight rely on: give the change a new version instead.
/// </summary>
public sealed class StoredHistoryTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter() },
    };

    // Payloads as the worker writes them.
    private static readonly DataConverter Converter = new ObjectSerializerConverter(new JsonObjectSerializer(new JsonSerializerOptions { PropertyNameCaseInsensitive = true }));

    public static TheoryData<string> Histories => [.. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static string Folder => Repository.File("tests", "golden", "histories");

    [Theory]
    [MemberData(nameof(Histories))]
    public void History_ReplaysToItsEnd(string file)
    {
        StoredHistory stored = JsonSerializer.Deserialize<StoredHistory>(File.ReadAllText(Path.Combine(Folder, file)), Json)!;
        TurnResult result = Replay(stored);
        Assert.True(result.Failure is null, result.Failure?.ErrorMessage);
        Assert.Equal(stored.Ended, result.Outcome.ToString());
        Assert.Equal(stored.Output, result.Output);
        Assert.Empty(result.Calls);
    }

    /// <summary>Half an hour is training.timeLimit's default: the plan of the stored search says so.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(29, false)]
    [InlineData(31, true)]
    public void Search_WhoseTrialsTookLong_IsToldToStop(int minutes, bool stops)
    {
        StoredHistory search = ReadSearch();

        // All trials of the first round are back, so much later.
        int asked = search.History.ToList().FindIndex(record => record is { Kind: HistoryKind.TaskScheduled, Name: nameof(NextTrials) });
        int next = search.History.ToList().FindIndex(asked + 1, record => record is { Kind: HistoryKind.TaskScheduled, Name: nameof(NextTrials) });
        TurnResult result = Replay(search, next - 1, search.History[asked].Time.AddMinutes(minutes));

        HistoryRecord call = Assert.Single(result.Calls);
        Assert.Equal(nameof(NextTrials), call.Name);
        RoundStep step = Converter.Deserialize<RoundStep>(call.Payload)!;
        Assert.Equal((1, stops), (step.Round, step.Stop));
        Assert.Equal(3, step.Told.Length);
    }

    [Theory]
    [InlineData("1", "ExportWinner")]
    [InlineData("2", "NextTrials")]
    public void Search_OfAPlan_IsMadeFromVersion2On(string version, string expected)
    {
        StoredHistory search = ReadSearch();
        int asked = search.History.ToList().FindIndex(record => record is { Kind: HistoryKind.TaskScheduled, Name: nameof(NextTrials) });
        TurnResult result = Replay(search with { Version = version }, asked - 1, search.History[asked].Time);
        Assert.Equal(expected, Assert.Single(result.Calls).Name);
    }

    [Fact]
    public void History_WithAnotherCall_FailsNamingBoth()
    {
        StoredHistory stored = JsonSerializer.Deserialize<StoredHistory>(File.ReadAllText(Directory.EnumerateFiles(Folder, "*promoted*.json").First()), Json)!;
        HistoryRecord[] changed = [.. stored.History.Select(record => record is { Kind: HistoryKind.TaskScheduled, Name: nameof(Functions.Features.PlanTraining) } ? record with { Name = "PlanOfOld" } : record)];
        TurnResult result = Replay(stored with { History = changed });
        Assert.Equal(TurnOutcome.Failed, result.Outcome);
        Assert.Contains("PlanOfOld", result.Failure!.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains(nameof(Functions.Features.PlanTraining), result.Failure.ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>Writes the ended instances of a running host (MLOPS_STORAGE: its storage) to the folder: <c>dotnet test tests/Local.Tests -- xUnit.Explicit=only</c>, after scripts/run.sh.</summary>
    [Fact(Explicit = true)]
    public async Task Record()
    {
        string storage = Environment.GetEnvironmentVariable("MLOPS_STORAGE") ?? throw new InvalidOperationException("Set MLOPS_STORAGE to the storage of a host that has played the loop.");
        TableDurableStore store = new(new TableServiceClient(storage), new BlobServiceClient(storage), "MlopsHub");
        (IReadOnlyList<InstanceRecord> instances, _) = await store.QueryAsync(new InstanceFilter(), 100, null, CancellationToken.None);
        foreach (InstanceRecord instance in instances.Where(instance => instance.Status == OrchestrationRuntimeStatus.Completed))
        {
            IReadOnlyList<HistoryRecord> history = await store.ReadHistoryAsync(instance, CancellationToken.None);
            string? output = await store.LoadAsync(instance.Output, CancellationToken.None);
            StoredHistory stored = new(instance.InstanceId, instance.Name, instance.Version, nameof(TurnOutcome.Completed), output, history);
            string ended = output is null ? "done" : JsonDocument.Parse(output).RootElement.EnumerateObject().First(property => property.NameEquals("Status") || property.NameEquals("status")).Value.GetString()!;
            await File.WriteAllTextAsync(Path.Combine(Folder, $"v{instance.Version}-{instance.Name}-{ended}-{history.Count}.json"), JsonSerializer.Serialize(stored, Json) + "\n");
        }
    }

    private static StoredHistory ReadSearch() => Directory.EnumerateFiles(Folder, "v2-TrainingPipeline-*.json").Order(StringComparer.Ordinal)
        .Select(path => JsonSerializer.Deserialize<StoredHistory>(File.ReadAllText(path), Json)!)
        .First(stored => stored.History.Any(record => record.Name == nameof(NextTrials)));

    // The turn that ended the instance is taken again, on all that had arrived before it.
    private static TurnResult Replay(StoredHistory stored)
    {
        int last = stored.History.ToList().FindLastIndex(record => record.Kind == HistoryKind.TurnStarted);
        return Replay(stored, last, stored.History[last].Time);
    }

    private static TurnResult Replay(StoredHistory stored, int records, DateTimeOffset time)
    {
        CodeFunctions functions = new CodeFunctions(Converter)
            .Orchestrator(nameof(TrainingPipeline), context => TrainingPipeline.Run(context, context.GetInput<PipelineRequest>()!))
            .Orchestrator(nameof(Rollout), async context =>
            {
                await Rollout.Run(context, context.GetInput<RolloutState>()!);
                return (object?)null;
            });
        OrchestrationTurn turn = new(functions, Converter, new DurableSettings(), NullLoggerFactory.Instance);
        return turn.Run(
            new InstanceRecord(stored.InstanceId, stored.Name) { Origin = stored.Name, Version = stored.Version },
            [.. stored.History.Take(records)],
            time,
            () => Assert.Fail("The orchestrator left its thread."));
    }

    internal sealed record StoredHistory(string InstanceId, string Name, string Version, string Ended, string? Output, IReadOnlyList<HistoryRecord> History);
}
