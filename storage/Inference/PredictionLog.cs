using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Mlops.Core.Costs;
using Mlops.Storage.Costs;

namespace Mlops.Storage.Inference;

/// <summary>The prediction log: one append blob per model, hour and instance, one JSON line per scored row.</summary>
public sealed class PredictionLog(StorageConnection connection)
{
    // One append block holds at most 4 MiB at every service version; one append blob at most 50,000 blocks.
    private const int MaximumBlock = 4 << 20;
    private readonly BlobContainerClient _container = connection.Container(StorageNames.Predictions);
    private readonly string _instance = Guid.NewGuid().ToString("N")[..12];
    private int _part;

    /// <summary>Appends lines of one model and hour.</summary>
    public async Task AppendAsync(string model, DateTimeOffset hour, IReadOnlyList<ReadOnlyMemory<byte>> lines, CancellationToken cancellationToken)
    {
        using UsageScope charge = connection.Usage.Charge(model, UsageKind.Serving);
        using MemoryStream block = new();
        foreach (ReadOnlyMemory<byte> line in lines)
        {
            if (block.Length > 0 && block.Length + line.Length + 1 > MaximumBlock)
            {
                await AppendBlockAsync(model, hour, block, cancellationToken);
            }

            block.Write(line.Span);
            block.WriteByte((byte)'\n');
        }

        await AppendBlockAsync(model, hour, block, cancellationToken);
    }

    /// <summary>The predictions of a model in the hours that touch [<paramref name="from"/>, <paramref name="to"/>], oldest hour first.</summary>
    public async IAsyncEnumerable<PredictionRecord> ReadAsync(string model, DateTimeOffset from, DateTimeOffset to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (DateTime hour = from.UtcDateTime.Date.AddHours(from.UtcDateTime.Hour); hour <= to.UtcDateTime; hour = hour.AddHours(1))
        {
            await foreach (BlobItem blob in _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, Folder(model, hour), cancellationToken))
            {
                await using Stream stream = await _container.GetBlobClient(blob.Name).OpenReadAsync(new BlobOpenReadOptions(allowModifications: true), cancellationToken);
                using StreamReader reader = new(stream);
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    if (line.Length > 0 && JsonSerializer.Deserialize<PredictionRecord>(line, StorageJson.Options) is { } record && record.Time >= from && record.Time <= to)
                    {
                        yield return record;
                    }
                }
            }
        }
    }

    /// <summary>One prediction, or null when the log of its hour does not hold it (yet: the log is written within five seconds).</summary>
    public async Task<PredictionRecord?> FindAsync(PredictionId id, CancellationToken cancellationToken)
    {
        string text = id.ToString();
        await foreach (PredictionRecord record in ReadAsync(id.Model, id.Hour, id.Hour.AddHours(1), cancellationToken))
        {
            if (record.Id == text)
            {
                return record;
            }
        }

        return null;
    }

    private static string Folder(string model, DateTime hour) => string.Create(CultureInfo.InvariantCulture, $"{model}/{hour:yyyy/MM/dd/HH}/");

    private async Task AppendBlockAsync(string model, DateTimeOffset hour, MemoryStream block, CancellationToken cancellationToken)
    {
        if (block.Length == 0)
        {
            return;
        }

        while (true)
        {
            AppendBlobClient blob = _container.GetAppendBlobClient(string.Create(CultureInfo.InvariantCulture, $"{Folder(model, hour.UtcDateTime)}{_instance}-{_part:D4}.jsonl"));
            block.Position = 0;
            try
            {
                await blob.AppendBlockAsync(block, cancellationToken: cancellationToken);
                break;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                await blob.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlockCountExceedsLimit)
            {
                Interlocked.Increment(ref _part);
            }
        }

        block.SetLength(0);
    }
}
