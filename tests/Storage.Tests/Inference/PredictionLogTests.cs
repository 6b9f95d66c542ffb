using System.Text.Json;
using System.Text.Json.Nodes;
using Mlops.Storage.Feedback;
using Mlops.Storage.Inference;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Inference;

public class PredictionLogTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Hour = new(2026, 5, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ReadAsync_GivesBackWhatWasAppended_ByAllInstances()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        PredictionRecord[] records = [.. Enumerable.Range(0, 30).Select(i => Record(model, Hour.AddMinutes(2 * i)))];
        await Task.WhenAll(records.Chunk(10).Select(chunk => new PredictionLog(connection).AppendAsync(model, Hour, Lines(chunk), CancellationToken.None)));
        List<PredictionRecord> read = await ReadAsync(connection, model, Hour, Hour.AddHours(1));
        Assert.Equal(records.Select(record => record.Id).Order(), read.Select(record => record.Id).Order());
        Assert.Equal(1.5, (double)read[0].Inputs["age"]!);
        Assert.Equal([0.25f, 0.75f], read[0].Scores);
    }

    [Fact]
    public async Task ReadAsync_GivesOnlyTheAskedTime()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        await new PredictionLog(connection).AppendAsync(model, Hour, Lines([Record(model, Hour.AddMinutes(1)), Record(model, Hour.AddMinutes(30))]), CancellationToken.None);
        await new PredictionLog(connection).AppendAsync(model, Hour.AddHours(1), Lines([Record(model, Hour.AddMinutes(61))]), CancellationToken.None);
        Assert.Equal(2, (await ReadAsync(connection, model, Hour.AddMinutes(15), Hour.AddMinutes(70))).Count);
    }

    [Fact]
    public async Task AppendAsync_SplitsBlocks_ThatWouldBeTooLarge()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        PredictionRecord large = Record(model, Hour) with { Inputs = new JsonObject { ["text"] = new string('x', 1 << 20) } };
        await new PredictionLog(connection).AppendAsync(model, Hour, Lines([.. Enumerable.Repeat(large, 9)]), CancellationToken.None);
        Assert.Equal(9, (await ReadAsync(connection, model, Hour, Hour.AddHours(1))).Count);
    }

    [Fact]
    public async Task FindAsync_FindsAPrediction_ByItsId()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        string model = TestNames.Model();
        PredictionRecord record = Record(model, Hour.AddMinutes(5));
        PredictionLog log = new(connection);
        await log.AppendAsync(model, Hour, Lines([record]), CancellationToken.None);
        Assert.True(PredictionId.TryParse(record.Id, out PredictionId? id));
        Assert.Equal(record.Id, (await log.FindAsync(id, CancellationToken.None))!.Id);
        Assert.Null(await log.FindAsync(id with { Unique = new string('0', 32) }, CancellationToken.None));
    }

    [Fact]
    public async Task Feedback_KeepsTheLastLabel_AndJoinsByHour()
    {
        FeedbackStore feedback = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        PredictionId first = PredictionId.New(model, 1, Hour);
        PredictionId second = PredictionId.New(model, 1, Hour.AddHours(3));
        await feedback.WriteAsync([(first, "no"), (first, "yes"), (second, "maybe")], CancellationToken.None);
        Assert.Equal("yes", await feedback.FindAsync(first, CancellationToken.None));
        IReadOnlyDictionary<string, string> labels = await feedback.ReadAsync(model, Hour, Hour.AddHours(2), CancellationToken.None);
        Assert.Equal("yes", Assert.Single(labels).Value);
    }

    [Fact]
    public async Task Feedback_TakesMoreLabels_ThanATransactionHolds()
    {
        FeedbackStore feedback = new(await Stores.OpenAsync(azurite), TimeProvider.System);
        string model = TestNames.Model();
        await feedback.WriteAsync([.. Enumerable.Range(0, 250).Select(i => (PredictionId.New(model, 1, Hour), $"label {i}"))], CancellationToken.None);
        Assert.Equal(250, (await feedback.ReadAsync(model, Hour, Hour, CancellationToken.None)).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("p.m.1.2026050110")]
    [InlineData("p.M.1.2026050110.0123456789abcdef0123456789abcdef")]
    [InlineData("p.m.-1.2026050110.0123456789abcdef0123456789abcdef")]
    [InlineData("p.m.1.2026059910.0123456789abcdef0123456789abcdef")]
    [InlineData("p.m.1.2026050110.0123456789ABCDEF0123456789abcdef")]
    [InlineData("p.my-model.1.9999123123.0123456789abcdef0123456789abcdef")]
    [InlineData("p.../x.1.2026050110.0123456789abcdef0123456789abcdef")]
    public void PredictionId_RefusesWhatIsNone(string text) => Assert.False(PredictionId.TryParse(text, out _));

    [Fact]
    public void PredictionId_RoundTrips()
    {
        PredictionId id = PredictionId.New("my-model", 12, Hour.AddMinutes(59));
        Assert.True(PredictionId.TryParse(id.ToString(), out PredictionId? read));
        Assert.Equal(id, read);
        Assert.Equal(Hour, read.Hour);
    }

    private static PredictionRecord Record(string model, DateTimeOffset time) =>
        new(PredictionId.New(model, 1, time).ToString(), time, 1, null, new JsonObject { ["age"] = 1.5 }, "yes", [0.25f, 0.75f]);

    private static ReadOnlyMemory<byte>[] Lines(IEnumerable<PredictionRecord> records) =>
        [.. records.Select(record => (ReadOnlyMemory<byte>)JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Options))];

    private static async Task<List<PredictionRecord>> ReadAsync(StorageConnection connection, string model, DateTimeOffset from, DateTimeOffset to)
    {
        List<PredictionRecord> read = [];
        await foreach (PredictionRecord record in new PredictionLog(connection).ReadAsync(model, from, to, CancellationToken.None))
        {
            read.Add(record);
        }

        return read;
    }
}
