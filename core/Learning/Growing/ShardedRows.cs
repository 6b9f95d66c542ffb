namespace Mlops.Core.Learning.Growing;

/// <summary>Rows spread over shards: sums of the shards' sums. Integers, so that the tree is the one of the whole.</summary>
internal sealed class ShardedRows(IReadOnlyList<ITreeRows> shards) : ITreeRows
{
    public (long Sum, int Count) Root()
    {
        long sum = 0;
        int count = 0;
        foreach (ITreeRows shard in shards)
        {
            (long shardSum, int shardCount) = shard.Root();
            sum += shardSum;
            count += shardCount;
        }

        return (sum, count);
    }

    public void AddHistogram(int leaf, int[]? features, long[] histogram)
    {
        foreach (ITreeRows shard in shards)
        {
            shard.AddHistogram(leaf, features, histogram);
        }
    }

    public int Part(int leaf, Split split, int left, int right) => shards.Sum(shard => shard.Part(leaf, split, left, right));
}
