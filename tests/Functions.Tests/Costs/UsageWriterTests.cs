using Microsoft.Extensions.Logging.Abstractions;
using Mlops.Core.Costs;
using Mlops.Functions.Costs;
using Mlops.Functions.Tests.Access;
using Mlops.Storage;
using Mlops.Storage.Costs;
using Mlops.TestKit;

namespace Mlops.Functions.Tests.Costs;

public class UsageWriterTests(AzuriteFixture azurite)
{
    private const int Kinds = 40;

    // The report of costs lacked what the flush of every minute had just taken.
    [Fact]
    public async Task FlushAsync_WhileAnotherIsUnderWay_EndsWhenAllIsWritten()
    {
        StorageConnection connection = new(name => name == StorageConnection.Name ? azurite.ConnectionString : null);
        await new StorageBootstrap(connection).CreateAsync(CancellationToken.None);
        ManualTime time = new(new DateTimeOffset(2032, 5, 1, 12, 0, 0, TimeSpan.Zero));
        UsageMeter meter = new(time);
        UsageStore store = new(connection);
        using UsageWriter writer = new(meter, store, time, NullLogger<UsageWriter>.Instance);
        string model = TestNames.Model();
        for (int i = 0; i < Kinds; i++)
        {
            meter.CountExecution($"{model}-{i}", UsageKind.Work);
        }

        Task first = writer.FlushAsync(CancellationToken.None);
        await writer.FlushAsync(CancellationToken.None);

        Assert.Equal(Kinds, (await store.ReadAsync("2032-05", CancellationToken.None)).Count(row => row.Model.StartsWith(model, StringComparison.Ordinal)));
        await first;
    }
}
