using Azure;
using Azure.Data.Tables;

namespace Mlops.Storage.Operations.Checks;

/// <summary>Are all containers, queues and tables there?</summary>
internal sealed class InventoryCheck(StorageConnection connection)
{
    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (string name in StorageNames.Containers)
        {
            Add("container", name, await connection.Container(name).ExistsAsync(cancellationToken));
        }

        foreach (string name in StorageNames.Queues)
        {
            Add("queue", name, await connection.Queue(name).ExistsAsync(cancellationToken));
        }

        foreach (string name in StorageNames.Tables)
        {
            Add("table", name, await TableExistsAsync(name, cancellationToken));
        }

        return findings.Count > 0
            ? findings
            : [Finding.Ok("inventory", $"{StorageNames.Containers.Count} containers, {StorageNames.Queues.Count} queues and {StorageNames.Tables.Count} tables are there")];

        void Add(string kind, string name, bool exists)
        {
            if (!exists)
            {
                findings.Add(Finding.Error(
                    "inventory", $"the {kind} '{name}' is missing", "Start the app again, which makes what is missing; deleted with its content, a container comes back with: az storage container restore"));
            }
        }
    }

    // A table has no request that asks only whether it exists: one row is read instead.
    private async Task<bool> TableExistsAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (TableEntity _ in connection.Table(name).QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {"doctor"}"), maxPerPage: 1, cancellationToken: cancellationToken))
            {
                break;
            }

            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == "TableNotFound")
        {
            return false;
        }
    }
}
