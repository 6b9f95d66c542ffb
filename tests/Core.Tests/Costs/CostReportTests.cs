using Mlops.Core.Costs;

namespace Mlops.Core.Tests.Costs;

public class CostReportTests
{
    private const long Gigabyte = 1L << 30;

    // Round prices, so that the sums below can be done in the head.
    private static readonly PriceList Prices = new("EUR", "Somewhere", new DateOnly(2026, 1, 1), "note", new Dictionary<Meter, Price>
    {
        [Meter.Executions] = new(1000, 1, "executions", "s", Free: 500),
        [Meter.InstanceTime] = new(1, 0.01, "GB-seconds", "s", Free: 100),
        [Meter.BlobBytes] = new(1, 2, "GB-months", "s"),
        [Meter.BlobWrites] = new(10, 1, "operations", "s"),
        [Meter.BlobLists] = new(10, 1, "operations", "s"),
        [Meter.BlobReads] = new(100, 1, "operations", "s"),
        [Meter.TableOperations] = new(1000, 1, "operations", "s"),
        [Meter.QueueOperations] = new(1000, 1, "operations", "s"),
        [Meter.EndpointHours] = new(1, 0.5, "hours", "an endpoint <b>"),
    });

    [Fact]
    public void Of_OneModel_AddsUpWhatItUsed()
    {
        CostReport report = Report(Row("churn", UsageKind.Serving, executions: 1000, seconds: 100), Row("churn", UsageKind.Work, executions: 500, seconds: 400, writes: 20));
        ModelCost churn = Assert.Single(report.Models);

        // 1.5 for executions; 500 s × 2 GB × 0.01 = 10; 20 writes = 2; 3 GB × 2 = 6.
        Assert.Equal(new Cost(1.5, 10, 2, 6), churn.ListPrice);
        Assert.Equal(19.5, churn.ListPrice.Total, 9);

        // 1,000 executions and 900 GB-seconds are left after the grants.
        Assert.Equal(1 + 9 + 2 + 6, report.AfterFreeGrants, 9);
    }

    [Fact]
    public void BreakEven_IsWhereTheEndpointCostsTheSame()
    {
        BreakEven even = Assert.Single(Report(Row("churn", UsageKind.Serving, executions: 1000, seconds: 100)).Models).BreakEven!;

        // 1,000 requests: 1 for executions, 2 for time.
        Assert.Equal(3, even.PerThousand, 9);
        Assert.Equal(365, even.EndpointPerMonth, 9);
        Assert.Equal(365 / 0.003, even.RequestsPerMonth, 6);
        Assert.Null(Assert.Single(Report(Row("churn", UsageKind.Work, executions: 5)).Models).BreakEven);
    }

    [Fact]
    public void Idle_IsStorageAndTimers_WhateverElseWasUsed()
    {
        IdleCost idle = Report(Row("churn", UsageKind.Work, executions: 5000, seconds: 5000), Row("", UsageKind.Timers, executions: 10, seconds: 10, writes: 5)).Idle;
        Assert.Equal((400, 800), (idle.TimerExecutions, idle.GigabyteSeconds));
        Assert.Equal(0.4 + 8, idle.TimersAtListPrice, 9);

        // 400 executions are free; of 800 GB-seconds 100 are.
        Assert.Equal(7, idle.TimersAfterGrants, 9);

        // Half a write each, 400 times, at 0.1.
        Assert.Equal(20, idle.Operations!.Value, 9);
        Assert.Equal(6, idle.Storage, 9);
        Assert.Null(Report().Idle.Operations);
    }

    [Fact]
    public void Of_NothingUsed_ShowsWhatIsKept() => Assert.Equal(["churn"], Report().Models.Select(model => model.Model));

    [Fact]
    public void Page_EncodesNames_AndSaysWhatIsEstimated()
    {
        string page = CostPage.Render(CostReport.Of("2026-11", Prices, 2, [Row("<script>", UsageKind.Serving, executions: 1, seconds: 1)], new Dictionary<string, long>(), 400));
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("endpoint <b>", page, StringComparison.Ordinal);
        Assert.Contains("money is estimated", page, StringComparison.Ordinal);
        Assert.Contains("Somewhere as of 2026-01-01", page, StringComparison.Ordinal);
        Assert.All(CostReport.NotMeasured, item => Assert.Contains(item, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Page_OfAMonthWithoutUse_SaysSo_WithoutEmptyTables()
    {
        string page = CostPage.Render(CostReport.Of("2026-11", Prices, 2, [], new Dictionary<string, long>(), 400));
        Assert.Contains("Nothing was used in this month.", page, StringComparison.Ordinal);
        Assert.Contains("No model answered requests in this month.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", page, StringComparison.Ordinal);
    }

    private static CostReport Report(params UsageRow[] rows) => CostReport.Of("2026-11", Prices, 2, rows, new Dictionary<string, long> { ["churn"] = 3 * Gigabyte }, 400);

    private static UsageRow Row(string model, UsageKind kind, long executions = 0, double seconds = 0, long writes = 0) =>
        new(model, kind, new DateOnly(2026, 11, 1), new Usage { Executions = executions, InstanceSeconds = seconds, BlobWrites = writes });
}
