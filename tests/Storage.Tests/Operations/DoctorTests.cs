using System.Text.RegularExpressions;
using Azure.Storage;
using Azure.Storage.Queues;
using Azure.Storage.Sas;
using Mlops.Azurite;
using Mlops.Storage.Arrival;
using Mlops.Storage.Monitoring;
using Mlops.Storage.Operations;
using Mlops.Storage.Operations.Checks;
using Mlops.Storage.Pipelines;
using Mlops.Storage.Registry;

namespace Mlops.Storage.Tests.Operations;

/// <summary>Faults are injected into an account of the tests' own, and each is found, with what repairs it.</summary>
public sealed partial class DoctorTests : IAsyncLifetime
{
    private AzuriteProcess _azurite = null!;
    private StorageConnection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        _azurite = await AzuriteProcess.StartAsync();
        _connection = Connect(_azurite.ConnectionString);
        await new StorageBootstrap(_connection).CreateAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _azurite.DisposeAsync();

    [Fact]
    public async Task ExamineAsync_OfAHealthyAccount_FindsNothing_AndLeavesNothing()
    {
        await BeatAsync("ReconcileArrivals", DateTimeOffset.UtcNow, TimeSpan.FromMinutes(30));
        DoctorReport report = await ExamineAsync();
        Assert.True(report.Status == FindingSeverity.Ok, report.ToText());
        Assert.Equal(["arrivals", "blob", "clock", "documents", "events", "host", "inventory", "messages", "queue", "settings", "table", "timers"], report.Findings.Select(finding => finding.Check).Order(StringComparer.Ordinal));
        Assert.Equal(0, await new QueueMeter(_connection).CountAsync(StorageNames.PlatformEvents, CancellationToken.None));
        Assert.Single(await new HeartbeatStore(_connection).ReadAsync(CancellationToken.None));
        Assert.Contains("12 findings, 0 errors, 0 warnings", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExamineAsync_NamesEverythingThatIsMissing()
    {
        await _connection.Queue(StorageNames.BlobEvents).DeleteAsync();
        await _connection.Table(StorageNames.DriftTable).DeleteAsync();
        await _connection.Container(StorageNames.Models).DeleteAsync();
        string[] missing = [.. (await ExamineAsync()).Findings.Where(finding => finding.Check == "inventory").Select(finding => finding.Message).Order(StringComparer.Ordinal)];
        Assert.Equal(["the container 'models' is missing", "the queue 'blob-events' is missing", "the table 'Drift' is missing"], missing);
    }

    [Fact]
    public async Task ExamineAsync_FindsPoisonMessages_AndDeadLetters()
    {
        QueueClient poison = _connection.Queue(StorageNames.BlobEvents + StorageNames.PoisonSuffix);
        await poison.CreateAsync();
        await poison.SendMessageAsync("{}");
        await _connection.Container(StorageNames.DeadLetters).CreateAsync();
        await _connection.Container(StorageNames.DeadLetters).UploadBlobAsync("topic/1.json", BinaryData.FromString("[]"));
        DoctorReport report = await ExamineAsync();
        Finding[] found = [.. report.Findings.Where(finding => finding.Check == "messages")];
        Assert.Equal(2, found.Length);
        Assert.All(found, finding => Assert.Equal(FindingSeverity.Error, finding.Severity));
        Assert.Contains(found, finding => finding.Message == "messages that failed five times wait in 'blob-events-poison': 1" && finding.Fix!.Contains("docs/runbooks/poison-queue.md", StringComparison.Ordinal));
        Assert.Contains(found, finding => finding.Message.Contains("deadletters/topic/1.json", StringComparison.Ordinal) && finding.Fix == "docs/runbooks/dead-letters.md");
    }

    [Fact]
    public async Task ExamineAsync_FindsMessagesThatNobodyTakesUp()
    {
        await _connection.Queue(StorageNames.BlobEvents).SendMessageAsync("{}");
        Assert.Equal(FindingSeverity.Ok, Of(await ExamineAsync(), "messages").Severity);
        Finding waiting = Of(await ExamineAsync(Ahead(MessageCheck.OldMessage + TimeSpan.FromMinutes(1))), "messages");
        Assert.Equal(FindingSeverity.Error, waiting.Severity);
        Assert.Contains("'blob-events' waits since", waiting.Message, StringComparison.Ordinal);

        // One that was taken up and failed waits for its next try, or for the poison queue.
        await _connection.Queue(StorageNames.BlobEvents).ReceiveMessagesAsync(1, TimeSpan.FromSeconds(1));
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(FindingSeverity.Ok, Of(await ExamineAsync(Ahead(MessageCheck.OldMessage + TimeSpan.FromMinutes(1))), "messages").Severity);
    }

    [Theory]
    [InlineData(2, FindingSeverity.Ok, "ahead")]
    [InlineData(120, FindingSeverity.Warning, "ahead of")]
    [InlineData(-120, FindingSeverity.Warning, "behind")]
    [InlineData(1200, FindingSeverity.Error, "ahead of")]
    public async Task ExamineAsync_ComparesClocks(int seconds, FindingSeverity severity, string text)
    {
        Finding clock = Of(await ExamineAsync(Ahead(TimeSpan.FromSeconds(seconds))), "clock");
        Assert.Equal(severity, clock.Severity);
        Assert.True(severity == FindingSeverity.Ok || clock.Message.Contains(text, StringComparison.Ordinal), clock.Message);
    }

    [Fact]
    public async Task ExamineAsync_WithAWrongKey_SaysSoForEachService_AndShowsNoKey()
    {
        string wrong = _azurite.ConnectionString.Replace("AccountKey=", "AccountKey=AAAA", StringComparison.Ordinal);
        DoctorReport report = await ExamineAsync(connection: wrong);
        foreach (string check in new[] { "blob", "queue", "table", "host" })
        {
            Finding refused = Of(report, check);
            Assert.Equal(FindingSeverity.Error, refused.Severity);
            Assert.Contains("403", refused.Message, StringComparison.Ordinal);
            Assert.NotNull(refused.Fix);
        }

        Assert.DoesNotContain("AAAA", report.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExamineAsync_WithReadRightsOnly_NamesTheRoleThatIsMissing()
    {
        DoctorReport report = await ExamineAsync(connection: Limited(AccountSasPermissions.Read | AccountSasPermissions.List));
        Assert.Contains("lacks the role 'Storage Blob Data Contributor'", Of(report, "blob").Message, StringComparison.Ordinal);
        Assert.Contains("az role assignment create --role \"Storage Blob Data Contributor\"", Of(report, "blob").Fix, StringComparison.Ordinal);
        Assert.Contains("lacks the role 'Storage Queue Data Contributor'", Of(report, "queue").Message, StringComparison.Ordinal);

        // Azurite lets whoever writes set tags; Azure does not.
        Assert.Contains("lacks the role 'Storage Blob Data Owner'", Of(report, "documents").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExamineAsync_OfAnAccountThatIsNotThere_SaysThatItCannotBeReached()
    {
        DoctorReport report = await ExamineAsync(connection: NothingListens().Replace(_azurite.ConnectionString, "127.0.0.1:1/"));
        foreach (string check in new[] { "blob", "queue", "table" })
        {
            Assert.Contains("cannot be reached", Of(report, check).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ExamineAsync_FindsTimersThatStopped_AndThatFail_AndThatNeverRan()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await BeatAsync("DriftTimer", now.AddHours(-5), TimeSpan.FromHours(2));
        await BeatAsync("ReconcilePipelines", now.AddMinutes(-5), TimeSpan.FromHours(2));
        await new HeartbeatStore(_connection).FailedAsync("ReconcilePipelines", "1", now.AddMinutes(-1), "the table is gone", CancellationToken.None);
        DoctorReport report = await new Doctor(Settings(_azurite.ConnectionString), TimeProvider.System).ExamineAsync(["DriftTimer", "ReconcileArrivals", "ReconcilePipelines"], [], CancellationToken.None);
        Finding[] timers = [.. report.Findings.Where(finding => finding.Check == "timers")];
        Assert.Contains(timers, finding => finding.Severity == FindingSeverity.Error && finding.Message.StartsWith("DriftTimer last ended well at", StringComparison.Ordinal));
        Assert.Contains(timers, finding => finding.Severity == FindingSeverity.Warning && finding.Message.Contains("the table is gone", StringComparison.Ordinal));
        Assert.Contains(timers, finding => finding.Message == "never ended well so far: ReconcileArrivals");
        Assert.Equal(3, timers.Length);
    }

    [Fact]
    public async Task ExamineAsync_FindsFilesWithoutAPipeline_AndASubscriptionThatIsDead()
    {
        string etag = await new DropZone(_connection).WriteAsync("data/m/f.csv", new MemoryStream([1]), 10, CancellationToken.None);
        TimeProvider later = Ahead(ArrivalCheck.Patience + TimeSpan.FromMinutes(1));
        Finding waiting = Of(await ExamineAsync(later), "arrivals");
        Assert.Equal(FindingSeverity.Error, waiting.Severity);
        Assert.Contains("first: data/m/f.csv", waiting.Message, StringComparison.Ordinal);

        // The reconciliation started it; no event ever told of it.
        await new ArrivalStore(_connection, TimeProvider.System).MarkStartedAsync("m", PipelineId.OfFile("m", "data/m/f.csv", etag), "data/m/f.csv", CancellationToken.None);
        Finding dead = Of(await ExamineAsync(later), "arrivals");
        Assert.Equal(FindingSeverity.Warning, dead.Severity);
        Assert.Contains("last event: never", dead.Message, StringComparison.Ordinal);
        await BeatAsync("DataArrived", DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        Assert.Equal(FindingSeverity.Ok, Of(await ExamineAsync(later), "arrivals").Severity);
    }

    [Fact]
    public async Task ExamineAsync_FindsDriftThatWasNeverPublished()
    {
        await new RegistryStore(_connection, TimeProvider.System).AddModelAsync("m", CancellationToken.None);
        DriftSummary summary = new("20260101", "m", 1, DateTimeOffset.UtcNow.AddHours(-3), Core.Statistics.DriftVerdict.Drift, 100, "it drifted", Published: false);
        await new DriftStore(_connection).AddAsync(summary, new Core.Statistics.DriftReport(Core.Statistics.DriftVerdict.Drift, 0.01, 100, [], "it drifted"), null, CancellationToken.None);
        Finding lost = Of(await ExamineAsync(), "events");
        Assert.Equal(FindingSeverity.Error, lost.Severity);
        Assert.Contains("EventGrid Data Sender", lost.Fix, StringComparison.Ordinal);
        await new DriftStore(_connection).MarkPublishedAsync(summary, CancellationToken.None);
        Assert.Equal(FindingSeverity.Ok, Of(await ExamineAsync(), "events").Severity);
    }

    [Fact]
    public async Task ExamineAsync_WithoutSettings_NamesEachThatIsMissingOrWrong_AndTriesNothing()
    {
        Dictionary<string, string> settings = new() { ["MlopsStorage__blobServiceUri"] = "not an address", ["AZURE_CLIENT_ID"] = "me", ["MlopsEvents__topicEndpointUri"] = "http://elsewhere.example" };
        DoctorReport report = await new Doctor(settings.GetValueOrDefault, TimeProvider.System).ExamineAsync([], [], CancellationToken.None);
        Assert.All(report.Findings, finding => Assert.Equal(("settings", FindingSeverity.Error), (finding.Check, finding.Severity)));
        Assert.Equal(
            [
                "AZURE_CLIENT_ID is no GUID; expected the client id of the app's identity",
                "AzureWebJobsStorage__blobServiceUri is missing", "AzureWebJobsStorage__queueServiceUri is missing", "AzureWebJobsStorage__tableServiceUri is missing",
                "MlopsEvents__topicEndpointUri is no address; expected one with https://",
                "MlopsStorage__blobServiceUri is no address; expected one with https://", "MlopsStorage__queueServiceUri is missing", "MlopsStorage__tableServiceUri is missing",
            ],
            report.Findings.Select(finding => finding.Message).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ExamineAsync_OfAConnectionStringThatIsNone_SaysSo()
    {
        DoctorReport report = await ExamineAsync(connection: "secret nonsense");
        Assert.Equal(FindingSeverity.Error, report.Status);
        Assert.DoesNotContain("nonsense", report.ToText(), StringComparison.Ordinal);
    }

    // The account, with these rights only.
    private string Limited(AccountSasPermissions permissions)
    {
        AccountSasBuilder sas = new(permissions, DateTimeOffset.UtcNow.AddHours(1), AccountSasServices.Blobs | AccountSasServices.Queues, AccountSasResourceTypes.All) { Protocol = SasProtocol.HttpsAndHttp };
        Dictionary<string, string> parts = _azurite.ConnectionString.TrimEnd(';').Split(';').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        string query = sas.ToSasQueryParameters(new StorageSharedKeyCredential(parts["AccountName"], parts["AccountKey"])).ToString();
        return $"BlobEndpoint={parts["BlobEndpoint"]};QueueEndpoint={parts["QueueEndpoint"]};TableEndpoint={parts["TableEndpoint"]};SharedAccessSignature={query}";
    }

    [GeneratedRegex(@"127\.0\.0\.1:\d+/")]
    private static partial Regex NothingListens();

    private static Finding Of(DoctorReport report, string check) => Assert.Single(report.Findings, finding => finding.Check == check);

    private static ManualTime Ahead(TimeSpan skew) => new(DateTimeOffset.UtcNow + skew);

    private static StorageConnection Connect(string connectionString) => new(Settings(connectionString));

    private static Func<string, string?> Settings(string connectionString) => name => name is StorageConnection.Name or "AzureWebJobsStorage" ? connectionString : null;

    private Task<DoctorReport> ExamineAsync(TimeProvider? time = null, string? connection = null) =>
        new Doctor(Settings(connection ?? _azurite.ConnectionString), time ?? TimeProvider.System).ExamineAsync([], [], CancellationToken.None);

    private Task BeatAsync(string function, DateTimeOffset time, TimeSpan due) => new HeartbeatStore(_connection).SucceededAsync(function, "1.0", time, time + due, CancellationToken.None);
}
