using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forecasting;
using Mlops.Core.Serving;

namespace Mlops.Core.Tests.Serving;

public class RequestRowsTests
{
    private static readonly ForecastPlan Plan = new("sold", "day", "shop", 3, 7, new Cadence(0, 86_400, 0));

    private static readonly ModelSignature Forecast = new(TaskKind.Regression, "sold", [], [.. ForecastFrame.Features(Plan).Select(f => new InputColumn(f, f == "shop" ? ColumnKind.Text : ColumnKind.Number))]) { Forecast = Plan, Ignored = ["note"] };

    [Fact]
    public void Read_History_IsTheNextStepsOfEverySeries()
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read("""[{"day":"2026-03-01","shop":"a","sold":5},{"day":"2026-03-02","shop":"a","sold":7,"note":"x"},{"day":"2026-03-02","shop":7,"sold":1}]""");

        Assert.Empty(problems);
        Assert.Equal(6, table!.RowCount);
        Assert.Equal(["a", "a", "a", "7", "7", "7"], Enumerable.Range(0, 6).Select(i => table["shop"].Text(i)));
        Assert.Equal("2026-03-05T00:00:00Z", table["day"].Text(2));
        Assert.Equal("7", table[Plan.Last].Text(0));
        Assert.Equal("2", table["sold: change since 1 before"].Text(0));
        Assert.Null(table["sold: change since 1 before"].Text(3));
    }

    [Theory]
    [InlineData("""[{"day":"2026-03-01","shop":"a"}]""", "rows[0].sold: missing column")]
    [InlineData("""[{"day":"2026-03-01","shop":"a","sold":"many"}]""", "rows[0].sold: found the text")]
    [InlineData("""[{"day":"2026-03-01","shop":"a","sold":null}]""", "no row has a known time, series and value")]
    [InlineData("""[{"day":9e15,"shop":"a","sold":1}]""", "rows[0].day")]
    [InlineData("""[{"day":"2026-03-01","shop":"a","sold":1},{"day":"2026-03-01","shop":"b","sold":1},{"day":"2026-03-01","shop":"c","sold":1}]""", "3 series, which make 9 forecasts")]
    [InlineData("[]", "found 0 rows")]
    public void Read_WhatIsNoHistory_IsSaid(string json, string problem)
    {
        (DataTable? table, IReadOnlyList<string> problems) = Read(json);

        Assert.Null(table);
        Assert.Contains(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void FromJson_Signature_ReadsBackWithPlanAndThreshold()
    {
        ModelSignature read = ModelSignature.FromJson((Forecast with { Threshold = 0.25, Weight = "w" }).ToJson());

        Assert.Equal(Plan, read.Forecast);
        Assert.Equal((0.25, "w", 1), (read.Threshold, read.Weight, read.Width));
        Assert.Equal(["day", "shop", "sold"], read.Asked.Select(c => c.Name));
    }

    [Theory]
    [InlineData(TaskKind.Binary, 0.3, "b")]
    [InlineData(TaskKind.Binary, 0.5, "a")]
    [InlineData(TaskKind.Binary, null, "a")]
    [InlineData(TaskKind.MultiClass, null, "a")]
    [InlineData(TaskKind.Anomaly, 0.5, "b")]
    [InlineData(TaskKind.Anomaly, null, "a")]
    public void Label_OfScores_FollowsTheThreshold(TaskKind kind, double? threshold, string label) =>
        Assert.Equal(label, (Forecast with { Task = kind, Classes = ["a", "b"], Threshold = threshold }).Label(kind == TaskKind.Anomaly ? [0.6f] : [0.6f, 0.4f]));

    private static (DataTable? Table, IReadOnlyList<string> Problems) Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return RequestRows.Read(document.RootElement, Forecast, 100, 6);
    }
}
