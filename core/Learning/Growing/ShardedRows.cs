using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Learning.Growing;

/// <summary>Rows spread over shards: sums of the shards' sums. Integers, so that the tree is the one of the whole.</summary>
internal sealed class ShardedRows(IReadOnlyList<IBoostingShard> shards) : ITreeRows
{
    public (long Sum, int Count) Root()
    {
        long sum = 0;
        int count = 0;
        foreach (IBoostingShard shard in shards)
        {
            (long shardSum, int shardCount) = shard.Root();
            sum += shardSum;
            count += shardCount;
        }

        return (sum, count);
    }

    public void AddHistogram(int leaf, int[]? features, long[] histogram)
    {
        foreach (IBoostingShard shard in shards)
        {
            shard.AddHistogram(leaf, features, histogram);
        }
    }

    public int Part(int leaf, Split split, int left, int right)
    {
        ShardSplit message = new(split.Feature, split.Bin, split.LeftBins, split.MissingLeft);
        return shards.Sum(shard => shard.Part(leaf, message, left, right));
    }
}
