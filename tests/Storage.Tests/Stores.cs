using Mlops.TestKit;

namespace Mlops.Storage.Tests;

/// <summary>The data account on the assembly's Azurite, with all containers, queues and tables made once.</summary>
internal static class Stores
{
    private static readonly Lock Gate = new();
    private static Task<StorageConnection>? _connection;

    public static Task<StorageConnection> OpenAsync(AzuriteFixture azurite)
    {
        lock (Gate)
        {
            return _connection ??= CreateAsync(azurite.ConnectionString);
        }
    }

    private static async Task<StorageConnection> CreateAsync(string connectionString)
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? connectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        return connection;
    }
}
