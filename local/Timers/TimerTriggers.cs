using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;

namespace Mlops.Local.Timers;

/// <summary>Timer triggers: one loop per function, so that runs of a function never overlap.</summary>
internal sealed class TimerTriggers(FunctionCatalog catalog, FunctionInvoker invoker, AppSettings settings, TimerState state, TimeProvider time, ILogger<TimerTriggers> log)
    : BackgroundService, IHandTrigger
{
    // Task.Delay takes some 49 days at most; a rare schedule is waited for in steps.
    private static readonly TimeSpan s_longestDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_shortestMonitored = TimeSpan.FromMinutes(1);

    public bool Handles(FunctionDescriptor function) => function.Trigger is TimerTriggerAttribute;

    public Task RunAsync(FunctionDescriptor function, string input, CancellationToken cancellationToken)
    {
        var now = Now();
        var next = Schedule(function, (TimerTriggerAttribute)function.Trigger).After(now);
        return InvokeAsync(function, new TimerInfo { ScheduleStatus = new ScheduleStatus { Next = next, LastUpdated = now } }, cancellationToken);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Wrong schedules stop the host's start, as they should, rather than one background loop.
        foreach (var (function, trigger) in catalog.Of<TimerTriggerAttribute>())
        {
            Schedule(function, trigger);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(catalog.Of<TimerTriggerAttribute>().Select(f => LoopAsync(f.Function, f.Trigger, stoppingToken)));

    private async Task LoopAsync(FunctionDescriptor function, TimerTriggerAttribute trigger, CancellationToken stopping)
    {
        var schedule = Schedule(function, trigger);
        var now = Now();
        var next = schedule.After(now);

        // As on the real host, a schedule that runs every few seconds is not worth a record per run.
        var monitored = trigger.UseMonitor && schedule.After(next) - next >= s_shortestMonitored;
        var status = monitored ? await RestoreAsync(function, schedule, now, stopping) : null;
        var pastDue = status is not null && status.Next < now;
        if (pastDue)
        {
            log.TimerPastDue(function.Name, status!.Next);
        }

        if (pastDue || trigger.RunOnStartup)
        {
            next = await RunAsync(function, schedule, status, pastDue, now, stopping);
        }

        while (!stopping.IsCancellationRequested)
        {
            await UntilAsync(next, stopping);
            next = await RunAsync(function, schedule, status, pastDue: false, next, stopping);
        }
    }

    private async Task<ScheduleStatus> RestoreAsync(FunctionDescriptor function, TimerSchedule schedule, DateTime now, CancellationToken stopping)
    {
        ScheduleStatus? status = null;
        try
        {
            status = await state.ReadAsync(function.Name, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.TimerState(e, function.Name);
        }

        // A schedule that was changed while the host was down starts anew and owes nothing.
        if (status is null || status.Next != schedule.After(status.Last == default ? status.LastUpdated : status.Last))
        {
            status = new ScheduleStatus { Next = schedule.After(now), LastUpdated = now };
            await SaveAsync(function, status, stopping);
        }

        return status;
    }

    private async Task<DateTime> RunAsync(FunctionDescriptor function, TimerSchedule schedule, ScheduleStatus? status, bool pastDue, DateTime due, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await InvokeAsync(function, new TimerInfo { IsPastDue = pastDue, ScheduleStatus = status }, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Not recorded as done: the next start makes up for it.
            return due;
        }
        catch (Exception e)
        {
            log.TimerFailed(e, function.Name);
        }

        var now = Now();
        var next = schedule.After(now > due ? now : due);
        log.TimerRan(function.Name, (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds, next);
        if (status is not null)
        {
            // Last is the time from which Next follows, so that a changed schedule is noticed.
            (status.Last, status.Next, status.LastUpdated) = (now > due ? now : due, next, now);
            await SaveAsync(function, status, stopping);
        }

        return next;
    }

    private async Task InvokeAsync(FunctionDescriptor function, TimerInfo timer, CancellationToken cancellationToken)
    {
        var policy = function.Method.GetCustomAttribute<RetryAttribute>();
        for (var retry = 0; ; retry++)
        {
            try
            {
                var count = retry;
                await invoker.InvokeAsync(function, timer, new Dictionary<string, object?>(), context => context.Retry = policy is null ? null : new Retries(count, policy.MaxRetryCount), cancellationToken);
                return;
            }
            catch (Exception e) when (policy is not null && !cancellationToken.IsCancellationRequested && (policy.MaxRetryCount < 0 || retry < policy.MaxRetryCount))
            {
                var delay = Delay(policy, retry);
                log.TimerRetry(e, function.Name, retry + 1, delay);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    private static TimeSpan Delay(RetryAttribute policy, int retry)
    {
        static TimeSpan Span(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        if (policy is ExponentialBackoffRetryAttribute exponential)
        {
            var (low, high) = (Span(exponential.MinimumInterval), Span(exponential.MaximumInterval));
            return TimeSpan.FromTicks((long)Math.Min(high.Ticks, low.Ticks * Math.Pow(2, retry)));
        }

        return Span(((FixedDelayRetryAttribute)policy).DelayInterval);
    }

    private async Task SaveAsync(FunctionDescriptor function, ScheduleStatus status, CancellationToken stopping)
    {
        try
        {
            await state.WriteAsync(function.Name, status, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            log.TimerState(e, function.Name);
        }
    }

    private async Task UntilAsync(DateTime due, CancellationToken stopping)
    {
        for (var left = due - Now(); left > TimeSpan.Zero; left = due - Now())
        {
            await Task.Delay(left < s_longestDelay ? left : s_longestDelay, time, stopping);
        }
    }

    private TimerSchedule Schedule(FunctionDescriptor function, TimerTriggerAttribute trigger) =>
        new(settings.Resolve(trigger.Schedule, $"Function '{function.Name}'"), $"Function '{function.Name}'");

    private DateTime Now() => time.GetUtcNow().UtcDateTime;

    private sealed class Retries(int count, int limit) : RetryContext
    {
        public override int RetryCount { get; } = count;

        public override int MaxRetryCount { get; } = limit;
    }
}
