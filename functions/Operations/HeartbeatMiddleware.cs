using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Mlops.Functions.Hosting;
using Mlops.Storage.Operations;

namespace Mlops.Functions.Operations;

/// <summary>Records when timer and queue functions ran, so that one that silently stopped can be told from one that has nothing to do.</summary>
public sealed class HeartbeatMiddleware(HeartbeatStore store, IConfiguration settings, TimeProvider time, ILogger<HeartbeatMiddleware> logger) : IFunctionsWorkerMiddleware
{
    // A queue may bring thousands of messages a minute: one row a minute and instance says as much.
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private static readonly HashSet<string> _watched = new(StringComparer.OrdinalIgnoreCase) { "timerTrigger", "queueTrigger" };
    private readonly ConcurrentDictionary<string, DateTimeOffset> _written = new();

    /// <inheritdoc/>
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (!context.FunctionDefinition.InputBindings.Values.Any(binding => _watched.Contains(binding.Type)))
        {
            await next(context);
            return;
        }

        string function = context.FunctionDefinition.Name;
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.CancellationToken.IsCancellationRequested)
        {
            await WriteAsync(() => store.FailedAsync(function, Telemetry.Code, time.GetUtcNow(), exception.Message, CancellationToken.None));
            throw;
        }

        DateTimeOffset now = time.GetUtcNow();
        if (_written.TryGetValue(function, out DateTimeOffset last) && now - last < Interval)
        {
            return;
        }

        _written[function] = now;
        await WriteAsync(() => store.SucceededAsync(function, Telemetry.Code, now, TimerSchedules.DueBy(function, now, name => settings[name]), CancellationToken.None));
    }

    // That a function ran matters more than that it is known: it has not failed when only this did.
    private async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception exception)
        {
            Log.HeartbeatLost(logger, exception);
        }
    }
}
