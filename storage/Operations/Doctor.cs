using Mlops.Storage.Operations.Checks;

namespace Mlops.Storage.Operations;

/// <summary>
/// Examines the platform from its settings and its storage: what is missing, refused, waiting or stopped, each with what repairs it. It needs no running
/// app, so it can say why one does not start. It changes nothing but three small things that it writes to try its rights, and deletes.
/// </summary>
/// <param name="setting">Reads one setting by name, as environment variables spell it; null when absent.</param>
/// <param name="time">The clock.</param>
public sealed class Doctor(Func<string, string?> setting, TimeProvider time)
{
    /// <summary>A check that takes longer has failed: an account that does not answer must not keep the others from it.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Runs all checks side by side.</summary>
    /// <param name="timers">The app's timers, where the caller knows them.</param>
    /// <param name="more">What the caller found itself.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<DoctorReport> ExamineAsync(IReadOnlyList<string> timers, IReadOnlyList<Finding> more, CancellationToken cancellationToken)
    {
        List<Finding> findings = [.. new SettingsCheck(setting).Run(), .. more];
        StorageConnection? connection = Connect(StorageConnection.Name, findings);
        StorageConnection? host = Connect(SettingsCheck.HostConnection, findings);
        if (host is not null)
        {
            findings.AddRange(await TryAsync(
                "host", "reading the account of the Functions host", "Storage Blob Data Owner, Storage Queue Data Contributor and Storage Table Data Contributor", token => AccessCheck.HostAsync(host, token), cancellationToken));
        }

        if (connection is null)
        {
            return DoctorReport.Of(time.GetUtcNow(), findings);
        }

        AccessCheck access = new(connection, time);
        IReadOnlyList<Finding>[] found = await Task.WhenAll(
            TryAsync("blob", "writing, reading and deleting a blob", "Storage Blob Data Contributor", access.BlobAsync, cancellationToken),
            TryAsync("documents", "writing a report with its tag", "Storage Blob Data Owner", access.DocumentAsync, cancellationToken),
            TryAsync("queue", "sending, deleting and peeking a message", "Storage Queue Data Contributor", access.QueueAsync, cancellationToken),
            TryAsync("table", "writing, reading and deleting a row", "Storage Table Data Contributor", access.TableAsync, cancellationToken),
            TryAsync("inventory", "looking for containers, queues and tables", "Storage Blob Data Contributor", new InventoryCheck(connection).RunAsync, cancellationToken),
            TryAsync("messages", "looking into the queues", "Storage Queue Data Contributor", new MessageCheck(connection, time).RunAsync, cancellationToken),
            TryAsync("timers", "reading when functions ran", "Storage Table Data Contributor", token => new TimerCheck(connection, time).RunAsync(timers, token), cancellationToken),
            TryAsync("arrivals", "looking into the drop zone", "Storage Blob Data Contributor", new ArrivalCheck(connection, time).RunAsync, cancellationToken),
            TryAsync("events", "reading drift reports", "Storage Table Data Contributor", new PublishCheck(connection, time).RunAsync, cancellationToken));
        return DoctorReport.Of(time.GetUtcNow(), [.. findings, .. found.SelectMany(each => each)]);
    }

    private StorageConnection? Connect(string name, List<Finding> findings)
    {
        try
        {
            return new StorageConnection(setting, name: name, retries: false);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException)
        {
            // Addresses that are missing or wrong are named already; a connection string that cannot be read is not.
            if (setting(name) is { Length: > 0 })
            {
                findings.Add(Finding.Error("settings", $"{name} cannot be read as a connection string", $"az storage account show-connection-string -n ACCOUNT; or remove it and set the addresses of the services: azd provision"));
            }

            return null;
        }
    }

    private static async Task<IReadOnlyList<Finding>> TryAsync(string check, string operation, string role, Func<CancellationToken, Task<IReadOnlyList<Finding>>> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await run(limit.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return [StorageFailure.Explain(check, operation, role, exception)];
        }
    }
}
