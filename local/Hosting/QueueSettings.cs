namespace Mlops.Local.Hosting;

/// <summary>host.json's <c>extensions.queues</c>.</summary>
/// <param name="BatchSize">Messages fetched at once, 1–32.</param>
/// <param name="NewBatchThreshold">The next batch is fetched when no more messages than this are running.</param>
/// <param name="MaxDequeueCount">Tries before a message goes to the poison queue.</param>
/// <param name="VisibilityTimeout">Wait between tries of one message.</param>
/// <param name="MaxPollingInterval">Longest wait between polls of an empty queue.</param>
/// <param name="Base64">Whether messages are base64 on the wire.</param>
internal sealed record QueueSettings(int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout, TimeSpan MaxPollingInterval, bool Base64);
