using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Microsoft.Extensions.Logging;
using Mlops.Local.Hosting;
using Mlops.Local.Storage;

namespace Mlops.Local.Blobs;

/// <summary>Brings each version of the blobs that match a path to one function, once when all goes well; to the poison queue after too many tries.</summary>
internal sealed class BlobListener : IDisposable
{
    private const string PoisonQueue = "webjobs-blobtrigger-poison";
    private static readonly TimeSpan s_retryDelay = TimeSpan.FromSeconds(1);
    private readonly FunctionDescriptor _function;
    private readonly BindingTemplate _path;
    private readonly BlobContainerClient _container;
    private readonly QueueServiceClient _queues;
    private readonly string _receiptsPath;
    private readonly BlobSettings _settings;
    private readonly TimeSpan _interval;
    private readonly FunctionInvoker _invoker;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _slots;
    private readonly ConcurrentDictionary<string, Task> _underWay = new();

    public BlobListener(
        FunctionDescriptor function, string path, BlobServiceClient blobs, QueueServiceClient queues, string receiptsPath, BlobSettings settings, TimeSpan interval, FunctionInvoker invoker, TimeProvider time, ILogger log)
    {
        _function = function;
        _path = new BindingTemplate(path);
        var container = path.Split('/', 2)[0];
        _container = container.Contains('{', StringComparison.Ordinal)
            ? throw new InvalidOperationException($"Function '{function.Name}': the blob path \"{path}\" has a name in braces for its container; expected a fixed container.")
            : blobs.GetBlobContainerClient(container);
        _queues = queues;
        _receiptsPath = receiptsPath;
        _settings = settings;
        _interval = interval;
        _invoker = invoker;
        _time = time;
        _log = log;
        _slots = new SemaphoreSlim(settings.MaxDegreeOfParallelism);
    }

    /// <summary>Listens until the host stops, then waits for the blobs in hand.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var receipts = new BlobReceipts(_receiptsPath);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await ScanAsync(receipts, stopping);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                // Waited for and not created, as on the real host.
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                _log.ContainerUnreachable(e, _container.Name);
            }

            await Task.Delay(_interval, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(_underWay.Values);
    }

    /// <summary>Invokes the function with a blob by its path, container included.</summary>
    public async Task InvokeAsync(string path, CancellationToken cancellationToken)
    {
        var name = path.StartsWith(_container.Name + "/", StringComparison.Ordinal) ? path[(_container.Name.Length + 1)..] : path;
        var properties = (await _container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
        await InvokeAsync(name, properties.Metadata, properties, cancellationToken);
    }

    public void Dispose() => _slots.Dispose();

    private async Task ScanAsync(BlobReceipts receipts, CancellationToken stopping)
    {
        var prefix = _path.Prefix.Split('/', 2).ElementAtOrDefault(1);
        await foreach (var blob in _container.GetBlobsAsync(BlobTraits.Metadata, prefix: prefix, cancellationToken: stopping))
        {
            var version = blob.Properties.ETag?.ToString() ?? "";
            if (!receipts.Has(blob.Name, version) && !_underWay.ContainsKey(blob.Name) && _path.Match($"{_container.Name}/{blob.Name}") is not null)
            {
                await _slots.WaitAsync(stopping);

                // Registered before it runs, so that one that ends at once is not left in the list.
                var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _underWay[blob.Name] = ProcessAsync(blob, version, receipts, begin.Task, stopping);
                begin.SetResult();
            }
        }
    }

    private async Task ProcessAsync(BlobItem blob, string version, BlobReceipts receipts, Task begin, CancellationToken stopping)
    {
        await begin;
        try
        {
            for (var attempt = 1; !await TryAsync(blob, attempt, stopping); attempt++)
            {
                if (attempt >= _settings.PoisonBlobThreshold)
                {
                    await PoisonAsync(blob, version, stopping);
                    break;
                }

                await Task.Delay(s_retryDelay, _time, stopping);
            }

            receipts.Add(blob.Name, version);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Without a receipt the next start tries again.
        }
        catch (Exception e)
        {
            // Without a receipt the next listing tries again.
            _log.ContainerUnreachable(e, _container.Name);
        }
        finally
        {
            _underWay.TryRemove(blob.Name, out _);
            _slots.Release();
        }
    }

    private async Task<bool> TryAsync(BlobItem blob, int attempt, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await InvokeAsync(blob.Name, blob.Metadata, blob.Properties, stopping);
            _log.Blob(_function.Name, $"{_container.Name}/{blob.Name}", (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return true;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            _log.BlobFailed(e, _function.Name, $"{_container.Name}/{blob.Name}", attempt, _settings.PoisonBlobThreshold);
            return false;
        }
    }

    private async Task InvokeAsync(string name, IDictionary<string, string>? metadata, object properties, CancellationToken cancellationToken)
    {
        var path = $"{_container.Name}/{name}";
        var data = _path.Match(path) ?? throw new InvalidOperationException($"Function '{_function.Name}': the blob '{path}' does not match the trigger's path.");
        data["BlobTrigger"] = path;
        data["Uri"] = _container.GetBlobClient(name).Uri;
        data["Metadata"] = metadata ?? new Dictionary<string, string>();
        data["Properties"] = properties;
        var value = await BlobTargets.BindAsync(_container, name, _function.TriggerParameter.ParameterType, _invoker.Serializer, cancellationToken);
        await using var opened = value as Stream;
        await _invoker.InvokeAsync(_function, value, data, cancellationToken);
    }

    private async Task PoisonAsync(BlobItem blob, string version, CancellationToken stopping)
    {
        var queue = _queues.GetQueueClient(PoisonQueue);
        await queue.CreateIfNotExistsAsync(cancellationToken: stopping);
        var message = JsonSerializer.Serialize(new
        {
            FunctionId = "Host.Functions." + _function.Name,
            BlobType = (blob.Properties.BlobType ?? BlobType.Block) + "Blob",
            ContainerName = _container.Name,
            BlobName = blob.Name,
            ETag = version,
        });
        await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(message)), stopping);
        _log.Poisoned(blob.Name, _container.Name, PoisonQueue, $"tried {_settings.PoisonBlobThreshold} times");
    }
}
