using Mlops.Core.Traffic;
using Mlops.Storage.Inference;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Inference;

public class TrafficTotalsTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ReadAsync_SumsMinutesAndInstances_WhateverWasFolded()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        TrafficStore other = new(await Stores.OpenAsync(azurite));
        await traffic.WriteAsync(model, 1, Start, Requests(10, errors: 1), Start, CancellationToken.None);
        await traffic.WriteAsync(model, 1, Start.AddMinutes(61), Requests(5), Start.AddMinutes(61), CancellationToken.None);
        await other.WriteAsync(model, 1, Start.AddMinutes(61), Requests(7), Start.AddMinutes(61), CancellationToken.None);
        await traffic.WriteAsync(model, 2, Start.AddMinutes(200), Requests(3), Start.AddMinutes(200), CancellationToken.None);
        for (int hour = 0; hour < 8; hour++)
        {
            Assert.Equal([(1, 22L, 1L, 22L), (2, 3L, 0L, 3L)], await SumsAsync(totals, model));
            await totals.FoldAsync(Start.AddHours(hour), CancellationToken.None);
        }
    }

    [Fact]
    public async Task ReadAsync_CountsOn_AfterFolding()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        await traffic.WriteAsync(model, 1, Start, Requests(10), Start, CancellationToken.None);
        await totals.FoldAsync(Start.AddHours(3), CancellationToken.None);
        await totals.FoldAsync(Start.AddHours(3), CancellationToken.None);
        await traffic.WriteAsync(model, 1, Start.AddHours(3).AddMinutes(1), Requests(4), Start.AddHours(3).AddMinutes(1), CancellationToken.None);
        Assert.Equal([(1, 14L, 0L, 14L)], await SumsAsync(totals, model));
    }

    [Fact]
    public async Task WriteAsync_LongAfterItsHourWasClosed_IsStillCounted_AndOnce()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        DateTimeOffset late = Start.AddHours(5).AddMinutes(20);
        await traffic.WriteAsync(model, 1, Start, Requests(10), Start, CancellationToken.None);
        await totals.FoldAsync(late, CancellationToken.None);

        // Storage did not answer for hours. What is written twice, because nobody knows whether the first time arrived, counts once.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            await traffic.WriteAsync(model, 1, Start.AddMinutes(1), Requests(4), late.AddMinutes(attempt), CancellationToken.None);
            await traffic.WriteAsync(model, 1, Start.AddMinutes(2), Requests(3), late.AddMinutes(attempt), CancellationToken.None);
            await traffic.WriteAsync(model, 1, late, Requests(2), late, CancellationToken.None);
        }

        Assert.Equal([(1, 19L, 0L, 19L)], await SumsAsync(totals, model));
        await totals.FoldAsync(late.AddHours(9), CancellationToken.None);
        Assert.Equal([(1, 19L, 0L, 19L)], await SumsAsync(totals, model));
    }

    [Fact]
    public async Task WriteAsync_OfTheRestOfAMinuteThatIsClosed_NeverCountsAnythingTwice()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        await traffic.WriteAsync(model, 1, Start, Requests(10), Start, CancellationToken.None);
        await traffic.WriteAsync(model, 1, Start, Requests(12), Start.AddHours(4), CancellationToken.None);
        Assert.Equal([(1, 10L, 0L, 10L)], await SumsAsync(totals, model));
    }

    [Fact]
    public async Task FoldAsync_DiedBeforeItsMarksWereDeleted_CountsOnce()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        await traffic.WriteAsync(model, 1, Start, Requests(10), Start, CancellationToken.None);
        await totals.FoldAsync(Start.AddHours(3), CancellationToken.None);

        // A new instance's first write puts the mark of the hour there again, as a death before its deletion leaves it.
        await new TrafficStore(await Stores.OpenAsync(azurite)).WriteAsync(model, 1, Start.AddHours(-9), CanaryWindow.Empty, Start.AddHours(-9), CancellationToken.None);
        await totals.FoldAsync(Start.AddHours(3), CancellationToken.None);
        Assert.Equal([(1, 10L, 0L, 10L)], await SumsAsync(totals, model));
    }

    [Fact]
    public async Task ReadAsync_WhileHoursAreFolded_NeverGoesBack()
    {
        (TrafficStore traffic, TrafficTotals totals, string model) = await OpenAsync();
        for (int hour = 0; hour < 12; hour++)
        {
            await traffic.WriteAsync(model, 1, Start.AddHours(hour), Requests(1), Start.AddHours(hour), CancellationToken.None);
        }

        Task folding = Task.Run(async () =>
        {
            for (int hour = 2; hour < 15; hour++)
            {
                await totals.FoldAsync(Start.AddHours(hour), CancellationToken.None);
            }
        });
        do
        {
            Assert.Equal([(1, 12L, 0L, 12L)], await SumsAsync(totals, model));
        }
        while (!folding.IsCompleted);
        await folding;
        Assert.Equal([(1, 12L, 0L, 12L)], await SumsAsync(totals, model));
    }

    private static CanaryWindow Requests(int count, int errors = 0) => new(count, errors, LatencyHistogram.Of(Enumerable.Repeat(4.0, count)), Milliseconds: 4.0 * count);

    private static async Task<(int Version, long Requests, long Errors, long Timed)[]> SumsAsync(TrafficTotals totals, string model) =>
        [.. (await totals.ReadAsync(CancellationToken.None)).Where(version => version.Model == model).Select(version =>
        {
            Assert.Equal(4.0 * version.Counts.Requests, version.Counts.Milliseconds, 1e-9);
            return (version.Version, version.Counts.Requests, version.Counts.Errors, version.Counts.Latency!.Total);
        })];

    private async Task<(TrafficStore Traffic, TrafficTotals Totals, string Model)> OpenAsync()
    {
        StorageConnection connection = await Stores.OpenAsync(azurite);
        TrafficStore traffic = new(connection);
        return (traffic, new TrafficTotals(connection, traffic), TestNames.Model());
    }
}
