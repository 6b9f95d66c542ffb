using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;

namespace Mlops.Local.EventGrid;

/// <summary>Takes events and brings them to the subscriptions that match: at least once, without order, with the real service's waits between attempts, and to the dead letters in the end.</summary>
internal sealed class EventBroker : IHostedService, IDisposable
{
    private const int MaxParallelDeliveries = 16;

    // The real service's schedule, after which it goes on every twelve hours.
    private static readonly TimeSpan[] s_waits =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10),
        TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), TimeSpan.FromHours(3), TimeSpan.FromHours(6), TimeSpan.FromHours(12),
    ];

    private readonly EventGridOptions _options;
    private readonly Dictionary<string, SubscriptionOptions> _subscriptions;
    private readonly DeliveryStore _store;
    private readonly DeliverySender _sender;
    private readonly DeadLetters _deadLetters;
    private readonly TimeProvider _time;
    private readonly ILogger<EventBroker> _log;
    private readonly SemaphoreSlim _slots = new(MaxParallelDeliveries);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, Task> _underWay = new();

    public EventBroker(LocalOptions options, EventGridSubscribers functions, DeliverySender sender, DeadLetters deadLetters, TimeProvider time, ILogger<EventBroker> log)
    {
        _options = options.EventGrid;
        _subscriptions = _options.Subscriptions.Concat(functions.Subscriptions).ToDictionary(s => s.Name, StringComparer.OrdinalIgnoreCase);
        _store = new DeliveryStore(Path.Combine(options.DataDirectory, "eventgrid", "pending"));
        _sender = sender;
        _deadLetters = deadLetters;
        _time = time;
        _log = log;
    }

    /// <summary>Keeps the events for every subscription that matches; when this completes, they will be delivered even if the process is killed.</summary>
    public async Task AcceptAsync(string topic, IReadOnlyList<GridEvent> events)
    {
        var now = _time.GetUtcNow();
        var deliveries = (
            from published in events
            from subscription in _subscriptions.Values
            where string.Equals(subscription.Topic, topic, StringComparison.OrdinalIgnoreCase) && subscription.Matches(published)
            select new Delivery { Id = Guid.CreateVersion7(now).ToString("N"), Subscription = subscription.Name, Event = published, PublishTime = now }).ToList();
        foreach (var delivery in deliveries)
        {
            await _store.SaveAsync(delivery);
        }

        foreach (var delivery in deliveries)
        {
            Start(delivery);
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _sender.PrepareAsync(_options.Subscriptions.Where(s => s.Queue is not null).Select(s => s.Queue!), cancellationToken);
        foreach (var delivery in _store.Load())
        {
            Start(delivery);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_underWay.Values);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _stopping.Dispose();
    }

    private void Start(Delivery delivery)
    {
        // Registered before it runs, so that a delivery that ends at once is not left in the list.
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[delivery.Id] = RunAsync(delivery, begin.Task);
        begin.SetResult();
    }

    private async Task RunAsync(Delivery delivery, Task begin)
    {
        await begin;
        try
        {
            await DeliverAsync(delivery);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The file stays; the next start goes on.
        }
        finally
        {
            _underWay.TryRemove(delivery.Id, out _);
        }
    }

    private async Task DeliverAsync(Delivery delivery)
    {
        if (!_subscriptions.TryGetValue(delivery.Subscription, out var subscription))
        {
            // The subscription was removed since: so are its events, as in the service.
            _store.Remove(delivery);
            return;
        }

        while (true)
        {
            if (delivery.NextAttempt - _time.GetUtcNow() is { } wait && wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, _stopping.Token);
            }

            var now = _time.GetUtcNow();
            if (delivery.Attempts > 0 && now - delivery.PublishTime >= subscription.TimeToLive)
            {
                await GiveUpAsync(delivery, "TimeToLiveExceeded");
                return;
            }

            var outcome = await AttemptAsync(delivery, subscription);
            if (outcome.Succeeded)
            {
                _store.Remove(delivery);
                _log.EventDelivered(delivery.Event.Type, delivery.Event.Subject, subscription.Name);
                return;
            }

            var pause = s_waits[Math.Min(delivery.Attempts, s_waits.Length - 1)] * _options.DelayScale;
            delivery = delivery with { Attempts = delivery.Attempts + 1, LastAttempt = now, LastOutcome = outcome.Name, NextAttempt = now + pause };
            if (!outcome.MayRetry || delivery.Attempts >= subscription.MaxDeliveryAttempts)
            {
                await GiveUpAsync(delivery, outcome.MayRetry ? "MaxDeliveryAttemptsExceeded" : "UndeliverableDueToClientError");
                return;
            }

            await _store.SaveAsync(delivery);
            _log.EventDeliveryFailed(delivery.Event.Type, delivery.Event.Subject, subscription.Name, delivery.Attempts, outcome.Name, pause);
        }
    }

    private async Task<DeliveryOutcome> AttemptAsync(Delivery delivery, SubscriptionOptions subscription)
    {
        await _slots.WaitAsync(_stopping.Token);
        try
        {
            return await _sender.SendAsync(delivery, subscription, _stopping.Token);
        }
        catch (Exception e) when (!_stopping.IsCancellationRequested)
        {
            // Whatever went wrong, the event is still owed.
            return DeliveryOutcome.Retry(e.GetType().Name);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task GiveUpAsync(Delivery delivery, string reason)
    {
        while (true)
        {
            try
            {
                var blob = await _deadLetters.WriteAsync(delivery, reason, _stopping.Token);
                _store.Remove(delivery);
                _log.EventDeadLettered(delivery.Event.Type, delivery.Event.Subject, delivery.Subscription, delivery.Attempts, reason, blob);
                return;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                _log.EventStuck(e, delivery.Event.Id);
                await Task.Delay(s_waits[0] * _options.DelayScale, _time, _stopping.Token);
            }
        }
    }
}
