using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Are messages taken up, and did none end where nobody looks?</summary>
internal sealed class MessageCheck(StorageConnection connection, TimeProvider time)
{
    /// <summary>Age of a visible message above which its queue is not being worked on: the host polls at least once a minute, also from zero instances.</summary>
    public static readonly TimeSpan OldMessage = TimeSpan.FromMinutes(10);

    private readonly QueueMeter _queues = new(connection);

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (string queue in StorageNames.Queues)
        {
            if (await _queues.UntouchedSinceAsync(queue, cancellationToken) is { } inserted && time.GetUtcNow() - inserted > OldMessage)
            {
                findings.Add(Finding.Error(
                    "messages",
                    string.Create(CultureInfo.InvariantCulture, $"the first message of '{queue}' waits since {inserted.UtcDateTime:u}: nothing takes it up"),
                    "az functionapp restart -n \"$AZURE_FUNCTION_NAME\" -g \"$AZURE_RESOURCE_GROUP\"   # then look into its logs; on one machine: scripts/run.sh --serve"));
            }

            string poison = queue + StorageNames.PoisonSuffix;
            if (await _queues.CountAsync(poison, cancellationToken) is > 0 and var count)
            {
                findings.Add(Finding.Error("messages", string.Create(CultureInfo.InvariantCulture, $"messages that failed five times wait in '{poison}': {count}"), $"docs/runbooks/poison-queue.md\naz storage message peek --auth-mode login --account-name \"$MLOPS_DATA_ACCOUNT\" -q {poison} --num-messages 32"));
            }
        }

        if (await FirstDeadLetterAsync(cancellationToken) is { } letter)
        {
            findings.Add(Finding.Error("messages", $"Event Grid could not deliver events for a day; the first of them is '{StorageNames.DeadLetters}/{letter}'", "docs/runbooks/dead-letters.md"));
        }

        return findings.Count > 0 ? findings : [Finding.Ok("messages", "none waits, none was set aside")];
    }

    private async Task<string?> FirstDeadLetterAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (BlobItem blob in connection.Container(StorageNames.DeadLetters).GetBlobsAsync(cancellationToken: cancellationToken))
            {
                return blob.Name;
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Without an Event Grid there is no such container.
        }

        return null;
    }
}
