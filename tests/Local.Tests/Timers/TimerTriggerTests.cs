using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Mlops.Local.Tests.Hosting;
using Mlops.Local.Timers;
using Mlops.TestKit;

namespace Mlops.Local.Tests.Timers;

public sealed class TimerTriggerTests(AzuriteFixture azurite)
{
    private static readonly DateTimeOffset s_start = new(2026, 3, 1, 10, 7, 0, TimeSpan.Zero);
    private readonly ManualTime _time = new(s_start);

    [Fact]
    public async Task Schedule_RunsEachOccurrenceOnce()
    {
        await using var app = await StartAsync(typeof(Hourly), "0 0 * * * *");

        foreach (var hour in new[] { 11, 12, 13 })
        {
            await _time.AdvanceToTimerAsync(On(hour, 0));
            var (timer, at) = await app.Recorder.NextAsync<(TimerInfo, DateTime)>();
            Assert.False(timer.IsPastDue);
            Assert.Equal(On(hour, 0), at);
        }

        Assert.Equal(3, app.Recorder.Count);
    }

    [Fact]
    public async Task MissedRun_IsMadeUpForOnceAtStart_AsPastDue()
    {
        await using (var first = await StartAsync(typeof(Daily), "0 0 * * * *"))
        {
            await StateAsync(first, nameof(Daily));
        }

        _time.Advance(TimeSpan.FromHours(5));
        await using var second = await StartAsync(typeof(Daily), "0 0 * * * *");

        var (timer, at) = await second.Recorder.NextAsync<(TimerInfo Timer, DateTime At)>();
        Assert.True(timer.IsPastDue);
        Assert.Equal(15, at.Hour);
        Assert.Equal(1, second.Recorder.Count);
    }

    [Fact]
    public async Task ChangedSchedule_OwesNothing()
    {
        await using (var first = await StartAsync(typeof(Changed), "0 0 * * * *"))
        {
            await StateAsync(first, nameof(Changed));
        }

        _time.Advance(TimeSpan.FromHours(5));
        await using var second = await StartAsync(typeof(Changed), "0 30 * * * *");

        await _time.AdvanceToTimerAsync(On(15, 30));
        var (timer, at) = await second.Recorder.NextAsync<(TimerInfo Timer, DateTime At)>();
        Assert.False(timer.IsPastDue);
        Assert.Equal(On(15, 30), at);
    }

    [Fact]
    public async Task RunOnStartup_RunsAtOnce()
    {
        await using var app = await StartAsync(typeof(AtStart), "0 0 * * * *");

        Assert.Equal(7, (await app.Recorder.NextAsync<(TimerInfo Timer, DateTime At)>()).At.Minute);
    }

    [Fact]
    public async Task FailingRun_IsRetriedAsItsPolicySays_AndTheScheduleGoesOn()
    {
        await using var app = await StartAsync(typeof(Failing), "0 0 * * * *");

        foreach (var (due, retry) in new[] { (On(11, 0), 0), (On(11, 0).AddSeconds(10), 1), (On(11, 0).AddSeconds(20), 2), (On(12, 0), 0) })
        {
            await _time.AdvanceToTimerAsync(due);
            Assert.Equal((retry, 2), await app.Recorder.NextAsync<(int, int)>());
        }
    }

    [Fact]
    public async Task ByHand_RunsNow()
    {
        await using var app = await StartAsync(typeof(Hourly), "0 0 * * * *");

        var response = await app.Client.PostAsync("admin/functions/Hourly", new StringContent("""{"input":""}"""));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var (timer, at) = await app.Recorder.NextAsync<(TimerInfo Timer, DateTime At)>();
        Assert.Equal(7, at.Minute);
        Assert.Equal(new DateTime(2026, 3, 1, 11, 0, 0, DateTimeKind.Utc), timer.ScheduleStatus!.Next);
    }

    [Fact]
    public async Task MissingScheduleSetting_StopsTheStart()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => LocalApp.StartAsync(azurite.ConnectionString, [typeof(Hourly)], b => b.Services.AddSingleton<TimeProvider>(_time)));

        Assert.Contains("'Schedule'", error.Message, StringComparison.Ordinal);
    }

    private static DateTime On(int hour, int minute) => s_start.UtcDateTime.Date.AddHours(hour).AddMinutes(minute);

    private static async Task StateAsync(LocalApp app, string function)
    {
        var state = app.Services.GetRequiredService<TimerState>();
        for (var i = 0; await state.ReadAsync(function, CancellationToken.None) is null; i++)
        {
            Assert.True(i < 600, "the schedule's state was not written");
            await Task.Delay(50);
        }
    }

    private Task<LocalApp> StartAsync(Type functions, string schedule) => LocalApp.StartAsync(
        azurite.ConnectionString, [functions], b => b.Services.AddSingleton<TimeProvider>(_time), o => o with { Settings = new Dictionary<string, string?> { ["Schedule"] = schedule } });

    public sealed class Hourly(Recorder recorder, TimeProvider time)
    {
        [Function("Hourly")]
        public void Run([TimerTrigger("%Schedule%", UseMonitor = false)] TimerInfo timer) =>
            recorder.Add((new TimerInfo { IsPastDue = timer.IsPastDue, ScheduleStatus = timer.ScheduleStatus }, time.GetUtcNow().UtcDateTime));
    }

    public sealed class Daily(Recorder recorder, TimeProvider time)
    {
        [Function("Daily")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) => recorder.Add((timer, time.GetUtcNow().UtcDateTime));
    }

    public sealed class Changed(Recorder recorder, TimeProvider time)
    {
        [Function("Changed")]
        public void Run([TimerTrigger("%Schedule%")] TimerInfo timer) => recorder.Add((timer, time.GetUtcNow().UtcDateTime));
    }

    public sealed class AtStart(Recorder recorder, TimeProvider time)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("%Schedule%", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) => recorder.Add((timer, time.GetUtcNow().UtcDateTime));
    }

    public sealed class Failing(Recorder recorder)
    {
        [Function("Failing")]
        [FixedDelayRetry(2, "00:00:10")]
        public void Run([TimerTrigger("%Schedule%", UseMonitor = false)] TimerInfo timer, FunctionContext context)
        {
            recorder.Add((context.RetryContext.RetryCount, context.RetryContext.MaxRetryCount));
            throw new InvalidOperationException("fails");
        }
    }
}
