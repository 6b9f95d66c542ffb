using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Serving;

namespace Mlops.Core.Tests.Serving;

public class RowReaderTests
{
    private static readonly ModelSignature Signature = new(
        TaskKind.Binary, "target", ["no", "yes"], [new("age", ColumnKind.Number), new("visits", ColumnKind.Integer), new("city", ColumnKind.Text), new("since", ColumnKind.Timestamp)]);

    [Fact]
    public void Read_GivesTheColumns_InTheOrderOfTheSignature()
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read("""[{"city":"Oslo","age":1.5,"since":"1970-01-02","visits":3},{"age":null,"visits":null,"city":null,"since":null}]""");
        Assert.Empty(problems);
        Assert.Equal(["age", "visits", "city", "since"], table!.Columns.Select(column => column.Name));
        Assert.Equal(["1.5", "3", "Oslo", "1970-01-02T00:00:00Z"], table.Columns.Select(column => column.Text(0)));
        Assert.All(table.Columns, column => Assert.True(column.IsMissing(1)));
    }

    [Fact]
    public void Read_NamesAllProblems_AtOnce()
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read("""[{"age":"old","visits":1.5,"city":["x"],"colour":"red"},7]""");
        Assert.Null(table);
        Assert.Collection(
            problems,
            problem => Assert.Contains("rows[0].age: found the text \"old\"; expected a number", problem, StringComparison.Ordinal),
            problem => Assert.Contains("rows[0].visits: found the number 1.5; expected a whole number", problem, StringComparison.Ordinal),
            problem => Assert.Contains("rows[0].city: found an array", problem, StringComparison.Ordinal),
            problem => Assert.Contains("rows[0].colour: unknown column", problem, StringComparison.Ordinal),
            problem => Assert.Contains("rows[0].since: missing column", problem, StringComparison.Ordinal),
            problem => Assert.Contains("rows[1]: found the number 7", problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"rows\"")]
    public void Read_Refuses_WhatIsNotAListOfRows(string json) => Assert.NotEmpty(Read(json).Problems);

    [Theory]
    [InlineData("1e39")]
    [InlineData("-1e400")]
    [InlineData("\"NaN\"")]
    [InlineData("true")]
    public void Read_Refuses_NumbersThatAModelCannotTake(string value) =>
        Assert.NotEmpty(Read($$"""[{"age":{{value}},"visits":1,"city":"x","since":null}]""").Problems);

    [Fact]
    public void Read_Refuses_TooManyRows()
    {
        string rows = "[" + string.Join(',', Enumerable.Repeat("{}", 6)) + "]";
        Assert.Contains("found 6 rows; expected 1 to 5", Assert.Single(Read(rows, maximum: 5).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BoundsTheProblems_AndCountsTheRest()
    {
        string rows = "[" + string.Join(',', Enumerable.Repeat("{}", 100)) + "]";
        IReadOnlyList<string> problems = Read(rows).Problems;
        Assert.Equal(RowReader.MaximumProblems + 1, problems.Count);
        Assert.Equal("and 350 more problems.", problems[^1]);
    }

    [Fact]
    public void Read_LetsTheTargetComeAlong_AndShortensLongNames()
    {
        Assert.Empty(Read("""[{"age":1,"visits":1,"city":"x","since":null,"target":"yes"}]""").Problems);
        string name = new('n', 5_000);
        Assert.All(Read($$"""[{"age":1,"visits":1,"city":"x","since":null,"{{name}}":1}]""").Problems, problem => Assert.True(problem.Length < 300));
    }

    [Fact]
    public void Read_LetsColumnsComeAlong_ThatTheModelDoesNotUse()
    {
        using JsonDocument document = JsonDocument.Parse("""[{"age":1,"visits":1,"city":"x","since":null,"id":"42"}]""");
        Assert.Empty(RowReader.Read(document.RootElement, Signature with { Ignored = ["id"] }, 10).Problems);
    }

    [Fact]
    public void Companions_AreThePlainValues_OfIgnoredColumns()
    {
        using JsonDocument document = JsonDocument.Parse("""[{"age":1,"id":"42","n":3,"deep":{"x":1}},{"age":2}]""");
        var companions = RowReader.Companions(document.RootElement, Signature with { Ignored = ["id", "n", "deep"] });
        Assert.Equal(["""{"id":"42","n":3}""", "{}"], companions.Select(companion => companion.ToJsonString()));
    }

    [Fact]
    public void Read_Refuses_AColumnGivenTwice() =>
        Assert.Contains(Read("""[{"age":1,"age":2,"visits":1,"city":"x","since":null}]""").Problems, problem => problem.Contains("given twice", StringComparison.Ordinal));

    private static (DataTable? Table, IReadOnlyList<string> Problems) Read(string json, int maximum = 1_000)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return RowReader.Read(document.RootElement, Signature, maximum);
    }
}
