using Microsoft.Azure.Functions.Worker;
using Mlops.Storage.Costs;

namespace Mlops.Functions.Costs;

/// <summary>Measures once a day how many bytes of blobs each model keeps.</summary>
public sealed class MeasureStorage(BlobSizes sizes, UsageStore store, TimeProvider time)
{
    [Function(nameof(MeasureStorage))]
    public async Task Run([TimerTrigger("0 50 3 * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await store.WriteBytesAsync(new StoredBytes(time.GetUtcNow(), await sizes.MeasureAsync(cancellationToken)), cancellationToken);
}
