using Azure;
using System.Runtime.Serialization;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

public sealed class PropertyTypeTests(AzuriteFixture azurite) : TableTest(azurite)
{
    private static readonly DateTimeOffset s_time = new DateTimeOffset(2026, 11, 21, 5, 30, 59, TimeSpan.FromHours(2)).AddTicks(1234567);
    private static readonly Guid s_guid = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public enum Stage
    {
        Trained,
        Registered,
    }

    public static TheoryData<object> Values =>
    [
        "text", "", true, false, 0, 5, -5, int.MinValue, int.MaxValue, 0L, 5L, long.MinValue, long.MaxValue,
        0.0, -0.0, 5.0, -5.0, 1e300, 1e-300, 0.1, 1.0 / 3, 123456789012345680.0, double.Epsilon, double.MaxValue, double.MinValue,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        s_guid, Guid.Empty, s_time, new DateTimeOffset(1601, 1, 1, 0, 0, 0, TimeSpan.Zero), DateTimeOffset.MaxValue,
        new byte[] { 0, 1, 254, 255 }, Array.Empty<byte>(),
    ];

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task TableEntity_EveryValue_ComesBackWithItsType(object value)
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["V"] = value });
        var stored = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value["V"];
        Assert.Equal(value.GetType(), stored.GetType());
        Assert.Equal(value is DateTimeOffset time ? time.ToUniversalTime() : value, stored);

        // The same through a query, whose JSON the service writes in another place.
        await foreach (var found in Table.QueryAsync<TableEntity>())
        {
            Assert.Equal(stored, found["V"]);
        }
    }

    [Fact]
    public async Task TableEntity_BinaryDataAndUtcDateTime_ComeBackAsTheirTwins()
    {
        var time = DateTime.SpecifyKind(s_time.UtcDateTime, DateTimeKind.Utc);
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["B"] = BinaryData.FromBytes(new byte[] { 1, 2 }), ["T"] = time, ["E"] = Stage.Registered });
        var stored = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal([1, 2], stored.GetBinary("B"));
        Assert.Equal([1, 2], stored.GetBinaryData("B").ToArray());
        Assert.Equal(time, stored.GetDateTime("T"));
        Assert.Equal(DateTimeKind.Utc, stored.GetDateTime("T")!.Value.Kind);
        Assert.Equal(s_time, stored.GetDateTimeOffset("T"));
        Assert.Equal("Registered", stored.GetString("E"));
    }

    [Fact]
    public async Task TableEntity_NullProperty_IsNotStored()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = null, ["B"] = 1 });
        var stored = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.False(stored.ContainsKey("A"));
        Assert.Null(stored.GetString("A"));
        Assert.Null(stored["A"]);
    }

    [Fact]
    public async Task TableEntity_ReadAndWrittenBack_IsTheSame()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["A"] = 5L, ["B"] = 2.0, ["C"] = s_guid });
        var read = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        await Table.UpdateEntityAsync(read, read.ETag, TableUpdateMode.Replace);
        var again = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal((5L, 2.0, s_guid), (again.GetInt64("A"), again.GetDouble("B"), again.GetGuid("C")));
    }

    [Fact]
    public async Task TypedEntity_EveryPropertyType_ComesBack()
    {
        var entity = new Sample
        {
            PartitionKey = "p", RowKey = "r", Text = "t", Flag = true, MaybeFlag = false, Number = -1, MaybeNumber = 7, Big = long.MaxValue, MaybeBig = long.MinValue,
            Unsigned = ulong.MaxValue, Real = 5.0, MaybeReal = 1.5, Time = s_time, MaybeTime = s_time.UtcDateTime, Id = s_guid, MaybeId = s_guid,
            Bytes = [1, 2, 3], Data = BinaryData.FromString("data"), Stage = Stage.Registered, MaybeStage = Stage.Trained, Renamed = "n", Ignored = "i",
        };
        await Table.AddEntityAsync(entity);
        var stored = (await Table.GetEntityAsync<Sample>("p", "r")).Value;
        foreach (var property in typeof(Sample).GetProperties().Where(p => p.Name is not (nameof(Sample.ETag) or nameof(Sample.Timestamp) or nameof(Sample.Ignored) or nameof(Sample.Data) or nameof(Sample.Nothing))))
        {
            Assert.True(Same(property.GetValue(entity), property.GetValue(stored)), $"{property.Name}: expected {property.GetValue(entity)}, found {property.GetValue(stored)}");
        }

        Assert.Equal("data", stored.Data!.ToString());
        Assert.Null(stored.Nothing);
        Assert.Null(stored.Ignored);
        Assert.NotEqual(default, stored.ETag);
        Assert.NotNull(stored.Timestamp);
        var raw = (await Table.GetEntityAsync<TableEntity>("p", "r")).Value;
        Assert.Equal("n", raw.GetString("other_name"));
        Assert.Equal("Registered", raw.GetString("Stage"));
        Assert.False(raw.ContainsKey("Ignored"));

        static bool Same(object? a, object? b) => a is byte[] x && b is byte[] y ? x.AsSpan().SequenceEqual(y) : Equals(a, b);
    }

    [Fact]
    public async Task TypedEntity_PropertyOfAnotherTypeInTheTable_FailsNamingIt()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Number"] = "five" });
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => Table.GetEntityAsync<Sample>("p", "r"));
        Assert.Contains("'Number'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TypedEntity_MissingAndUnknownProperties_AreLeftOut()
    {
        await Table.AddEntityAsync(new TableEntity("p", "r") { ["Unknown"] = 1, ["Text"] = "t" });
        var stored = (await Table.GetEntityAsync<Sample>("p", "r")).Value;
        Assert.Equal(("t", 0, (int?)null), (stored.Text, stored.Number, stored.MaybeNumber));
    }

    public static TheoryData<object> Unsupported => [1m, 1f, (short)1, new object(), new[] { "a" }, TimeSpan.Zero, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Unspecified)];

    [Theory]
    [MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public async Task TableEntity_UnsupportedValue_IsRefusedNamingTheProperty(object value)
    {
        var failure = await Assert.ThrowsAsync<NotSupportedException>(() => Table.AddEntityAsync(new TableEntity("p", "r") { ["Amount"] = value }));
        Assert.Contains("'Amount'", failure.Message, StringComparison.Ordinal);
    }

    private sealed class Sample : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public string? Text { get; init; }

        public string? Nothing { get; set; }

        public bool Flag { get; set; }

        public bool? MaybeFlag { get; set; }

        public int Number { get; set; }

        public int? MaybeNumber { get; set; }

        public long Big { get; set; }

        public long? MaybeBig { get; set; }

        public ulong Unsigned { get; set; }

        public double Real { get; set; }

        public double? MaybeReal { get; set; }

        public DateTimeOffset Time { get; set; }

        public DateTime? MaybeTime { get; set; }

        public Guid Id { get; set; }

        public Guid? MaybeId { get; set; }

        public byte[]? Bytes { get; set; }

        public BinaryData? Data { get; set; }

        public Stage Stage { get; set; }

        public Stage? MaybeStage { get; set; }

        [DataMember(Name = "other_name")]
        public string? Renamed { get; set; }

        [IgnoreDataMember]
        public string? Ignored { get; set; }

        public string Derived => Text + "!";
    }
}
