using Azure;
using Azure.Data.Tables;
using Mlops.TestKit;

namespace Mlops.Storage.Tests.Tables;

/// <summary>A test with a table of its own on the assembly's Azurite.</summary>
public abstract class TableTest(AzuriteFixture azurite) : IAsyncLifetime
{
    protected TableClient Table { get; } = new(azurite.ConnectionString, TestNames.Table());

    protected AzuriteFixture Azurite { get; } = azurite;

    public async ValueTask InitializeAsync() => await Table.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await Table.DeleteAsync();
        GC.SuppressFinalize(this);
    }

    protected static async Task<RequestFailedException> FailsAsync(Func<Task> action, int status, string errorCode)
    {
        var failure = await Assert.ThrowsAnyAsync<RequestFailedException>(action);
        Assert.Equal((status, errorCode), (failure.Status, failure.ErrorCode));
        return failure;
    }
}
