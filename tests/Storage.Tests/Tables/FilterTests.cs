using System.Linq.Expressions;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;

namespace Mlops.Storage.Tests.Tables;

public sealed class FilterTests
{
    private static readonly Guid s_guid = new("0f8fad5b-d9cb-469f-a165-70867728950e");

    public enum Level
    {
        Low,
        High,
    }

    public static TheoryData<object, string> Literals => new()
    {
        { "it's", "'it''s'" },
        { "' or 1 eq 1 or '", "''' or 1 eq 1 or '''" },
        { "{0}", "'{0}'" },
        { 5, "5" },
        { -5L, "-5L" },
        { 5.0, "5.0" },
        { -2.5, "-2.5" },
        { 1e300, "1E+300" },
        { true, "true" },
        { s_guid, "guid'0f8fad5b-d9cb-469f-a165-70867728950e'" },
        { new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)), "datetime'2026-01-02T02:04:05.0000000Z'" },
        { new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "datetime'2026-01-02T03:04:05.0000000Z'" },
        { new byte[] { 1, 171 }, "X'01AB'" },
        { BinaryData.FromBytes(new byte[] { 2 }), "X'02'" },
        { Level.High, "'High'" },
    };

    [Theory]
    [MemberData(nameof(Literals), DisableDiscoveryEnumeration = true)]
    public void CreateQueryFilter_EveryType_BecomesALiteral(object value, string literal)
    {
        Assert.Equal($"A eq {literal} and B eq 'b'", TableClient.CreateQueryFilter($"A eq {value} and B eq {"b"}"));
        Assert.Equal($"A eq {literal}", TableServiceClient.CreateQueryFilter($"A eq {value}"));
    }

    [Fact]
    public void CreateQueryFilter_Null_IsRefused() =>
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter($"A eq {null}"));

    public static TheoryData<Expression<Func<Row, bool>>, string?> Expressions
    {
        get
        {
            var captured = new { Text = "it's", Number = 7 };
            return new()
            {
                { r => r.PartitionKey == "p", "PartitionKey eq 'p'" },
                { r => r.PartitionKey == captured.Text && r.Number > captured.Number + 1, "(PartitionKey eq 'it''s') and (Number gt 8)" },
                { r => r.Number != 1 || r.Big <= 2L || r.Real < 3.5, "((Number ne 1) or (Big le 2L)) or (Real lt 3.5)" },
                { r => r.Real >= 3, "Real ge 3.0" },
                { r => 5 < r.Number, "Number gt 5" },
                { r => 5 >= r.Number, "Number le 5" },
                { r => r.Flag, "Flag eq true" },
                { r => !r.Flag, "not (Flag eq true)" },
                { r => r.Flag == false, "Flag eq false" },
                { r => !(r.Number == 1 && r.Flag), "not ((Number eq 1) and (Flag eq true))" },
                { r => r.MaybeNumber == 3, "MaybeNumber eq 3" },
                { r => r.MaybeNumber!.Value == 3, "MaybeNumber eq 3" },
                { r => r.RowKey.CompareTo("a") >= 0 && r.RowKey.CompareTo("b") < 0, "(RowKey ge 'a') and (RowKey lt 'b')" },
                { r => string.Compare(r.RowKey, "a") > 0, "RowKey gt 'a'" },
                { r => r.RowKey.Equals("a"), "RowKey eq 'a'" },
                { r => string.Equals(r.RowKey, "a"), "RowKey eq 'a'" },
                { r => r.Level == Level.High, "Level eq 'High'" },
                { r => r.MaybeLevel == Level.Low, "MaybeLevel eq 'Low'" },
                { r => r.Id == s_guid, "Id eq guid'0f8fad5b-d9cb-469f-a165-70867728950e'" },
                { r => r.Timestamp > new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "Timestamp gt datetime'2026-01-01T00:00:00.0000000Z'" },
                { r => true, null },
                { r => captured.Number == 7, null },
                { r => false, "false" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Expressions), DisableDiscoveryEnumeration = true)]
    public void CreateQueryFilter_Expression_IsTranslated(Expression<Func<Row, bool>> expression, string? filter) =>
        Assert.Equal(filter, TableClient.CreateQueryFilter(expression));

    [Fact]
    public void CreateQueryFilter_DictionaryEntity_UsesKeys()
    {
        Assert.Equal("A eq 5", TableClient.CreateQueryFilter<TableEntity>(e => e.GetInt32("A") == 5));
        Assert.Equal("(A eq 'x') and (PartitionKey eq 'p')", TableClient.CreateQueryFilter<TableEntity>(e => e.GetString("A") == "x" && e.PartitionKey == "p"));
        Assert.Equal("A eq 'x'", TableClient.CreateQueryFilter<TableEntity>(e => (string)e["A"] == "x"));
        Assert.Equal("B eq true", TableClient.CreateQueryFilter<TableEntity>(e => e.GetBoolean("B") == true));
        Assert.Equal("TableName eq 't'", TableServiceClient.CreateQueryFilter(t => t.Name == "t"));
    }

    public static TheoryData<Expression<Func<Row, bool>>> Unsupported => new()
    {
        r => r.RowKey.StartsWith("a"),
        r => r.RowKey.Contains('a'),
        r => r.RowKey.Equals("a", StringComparison.Ordinal),
        r => r.RowKey.Length == 1,
        r => r.Number + 1 == 2,
        r => r.Number == r.Big,
        r => r.MaybeNumber == null,
        r => r.MaybeNumber.HasValue,
        r => r.RowKey == null,
    };

    [Theory]
    [MemberData(nameof(Unsupported), DisableDiscoveryEnumeration = true)]
    public void CreateQueryFilter_WhatTheServiceCannotDo_IsRefused(Expression<Func<Row, bool>> expression) =>
        Assert.Throws<NotSupportedException>(() => TableClient.CreateQueryFilter(expression));

    public sealed class Row : ITableEntity
    {
        public string PartitionKey { get; set; } = "";

        public string RowKey { get; set; } = "";

        public DateTimeOffset? Timestamp { get; set; }

        public ETag ETag { get; set; }

        public int Number { get; set; }

        public int? MaybeNumber { get; set; }

        public long Big { get; set; }

        public double Real { get; set; }

        public bool Flag { get; set; }

        public Guid Id { get; set; }

        public Level Level { get; set; }

        public Level? MaybeLevel { get; set; }
    }
}
