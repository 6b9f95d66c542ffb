namespace Mlops.Storage;

/// <summary>Makes the containers, queues and tables that are missing. Safe to run at every start, from many instances at once.</summary>
public sealed class StorageBootstrap(StorageConnection connection)
{
    /// <summary>Creates what is missing.</summary>
    public Task CreateAsync(CancellationToken cancellationToken)
    {
        IEnumerable<Task> containers = StorageNames.Containers.Select(name => (Task)connection.Container(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken));
        IEnumerable<Task> queues = StorageNames.Queues.Select(name => (Task)connection.Queue(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken));
        IEnumerable<Task> tables = StorageNames.Tables.Select(name => (Task)connection.Table(name).CreateIfNotExistsAsync(cancellationToken));
        return Task.WhenAll([.. containers, .. queues, .. tables]);
    }
}
