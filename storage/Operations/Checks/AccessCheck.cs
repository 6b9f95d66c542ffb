using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Writes, reads and deletes something small in each service of the data account, and compares clocks on the way. What is refused names the role that is missing.</summary>
internal sealed class AccessCheck(StorageConnection connection, TimeProvider time)
{
    /// <summary>Difference of the clocks above which windows and tokens begin to suffer. The header's seconds and the way there are within it.</summary>
    public static readonly TimeSpan SkewWarning = TimeSpan.FromSeconds(30);

    /// <summary>Difference at which storage refuses signed requests.</summary>
    public static readonly TimeSpan SkewError = TimeSpan.FromMinutes(15);

    private const string Probe = "doctor";

    /// <summary>Blob: a blob in the container of the reports.</summary>
    public async Task<IReadOnlyList<Finding>> BlobAsync(CancellationToken cancellationToken)
    {
        BlobClient blob = connection.Container(StorageNames.Reports).GetBlobClient($"{Probe}/{Guid.NewGuid():N}");
        DateTimeOffset before = time.GetUtcNow();
        Response written = (await blob.UploadAsync(BinaryData.FromString(Probe), overwrite: true, cancellationToken)).GetRawResponse();
        DateTimeOffset after = time.GetUtcNow();
        await blob.DownloadContentAsync(cancellationToken);
        await blob.DeleteIfExistsAsync(cancellationToken: cancellationToken);
        return [Finding.Ok("blob", "written, read and deleted"), Clock(before + ((after - before) / 2), written.Headers.Date)];
    }

    /// <summary>Documents: a blob with the tag that they are kept by, which takes a role of its own.</summary>
    public async Task<IReadOnlyList<Finding>> DocumentAsync(CancellationToken cancellationToken)
    {
        string name = $"{Probe}/{Guid.NewGuid():N}";
        BlobStore reports = new(connection.Container(StorageNames.Reports));
        await reports.WriteDocumentAsync(name, Probe, "text/plain", cancellationToken);
        await reports.DeleteAsync(name, cancellationToken);
        return [Finding.Ok("documents", "a report was written with its tag, and deleted")];
    }

    /// <summary>Queue: a message that nobody sees, because it is deleted before its time comes.</summary>
    public async Task<IReadOnlyList<Finding>> QueueAsync(CancellationToken cancellationToken)
    {
        QueueClient queue = connection.Queue(StorageNames.PlatformEvents);
        TimeSpan hidden = TimeSpan.FromMinutes(5);
        SendReceipt sent = await queue.SendMessageAsync(BinaryData.FromString("{}"), hidden, hidden + TimeSpan.FromSeconds(1), cancellationToken);
        await queue.DeleteMessageAsync(sent.MessageId, sent.PopReceipt, cancellationToken);
        await queue.PeekMessageAsync(cancellationToken);
        return [Finding.Ok("queue", "sent, deleted and peeked")];
    }

    /// <summary>Table: a row in the table of operations.</summary>
    public async Task<IReadOnlyList<Finding>> TableAsync(CancellationToken cancellationToken)
    {
        TableClient table = connection.Table(StorageNames.OperationsTable);
        string key = Guid.NewGuid().ToString("N");
        await table.UpsertEntityAsync(new TableEntity(Probe, key), TableUpdateMode.Replace, cancellationToken);
        await table.GetEntityAsync<TableEntity>(Probe, key, cancellationToken: cancellationToken);
        await table.DeleteEntityAsync(Probe, key, ETag.All, cancellationToken);
        return [Finding.Ok("table", "written, read and deleted")];
    }

    /// <summary>The account of the Functions host, where timers, keys and orchestrations live: only read, and asked for things that may not be there yet.</summary>
    public static async Task<IReadOnlyList<Finding>> HostAsync(StorageConnection host, CancellationToken cancellationToken)
    {
        await host.Container("azure-webjobs-hosts").ExistsAsync(cancellationToken);
        await host.Queue("mlopshub-workitems").ExistsAsync(cancellationToken);
        await host.Table("MlopsHubInstances").GetEntityIfExistsAsync<TableEntity>(Probe, Probe, cancellationToken: cancellationToken);
        return [Finding.Ok("host", "the account of the Functions host answers")];
    }

    private static Finding Clock(DateTimeOffset here, DateTimeOffset? there)
    {
        if (there is not { } storage)
        {
            return Finding.Ok("clock", "storage did not say what time it is");
        }

        TimeSpan skew = here - storage;
        string text = string.Create(CultureInfo.InvariantCulture, $"the clock here is {Math.Abs(skew.TotalSeconds):0} s {(skew > TimeSpan.Zero ? "ahead of" : "behind")} that of storage");
        const string Fix = "Let the machine keep its time: timedatectl set-ntp true";
        return skew.Duration() < SkewWarning ? Finding.Ok("clock", text)
            : skew.Duration() < SkewError ? Finding.Warning("clock", $"{text}; windows of predictions and drift checks shift by as much", Fix)
            : Finding.Error("clock", $"{text}; storage refuses signed requests from 15 minutes on", Fix);
    }
}
