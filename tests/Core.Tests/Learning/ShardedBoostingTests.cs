using Mlops.Core.Learning;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting;

namespace Mlops.Core.Tests.Learning;

public class ShardedBoostingTests
{
    [Theory]
    [InlineData(BoostingLoss.Binary, 1)]
    [InlineData(BoostingLoss.Binary, 2)]
    [InlineData(BoostingLoss.Binary, 7)]
    [InlineData(BoostingLoss.MultiClass, 7)]
    [InlineData(BoostingLoss.Squared, 7)]
    [InlineData(BoostingLoss.Tweedie, 7)]
    public void FitShards_AnyNumber_TheModelOfTheWhole(BoostingLoss loss, int shards)
    {
        TrainingSet whole = loss switch
        {
            BoostingLoss.Binary => Samples.Binary(3001, 1),
            BoostingLoss.MultiClass => Samples.MultiClass(3001, 1, 4),
            BoostingLoss.Tweedie => Samples.Counts(3001, 1),
            _ => Samples.Regression(3001, 1),
        };
        float[] weights = Enumerable.Range(0, whole.Rows).Select(i => 0.5f + (i % 3)).ToArray();
        whole = new TrainingSet(whole.X, whole.Y, weights);
        BoostingOptions options = new() { Loss = loss, Classes = loss == BoostingLoss.MultiClass ? 4 : 0, Iterations = 8, RowFraction = 0.8, ColumnFraction = 0.7, Seed = 3, MaxBins = 40 };

        byte[] expected = Bytes.Of(BoostingTrainer.Fit(whole, options).Model);
        byte[] actual = Bytes.Of(BoostingTrainer.FitShards([.. Cut(whole, shards).Select(shard => new WireShard(shard))], options, new BoostingSession()).Model);

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void FitShards_Stopped_GoesOnWithTheSameShardsOnly()
    {
        TrainingSet whole = Samples.Binary(900, 2);
        BoostingOptions options = new() { Loss = BoostingLoss.Binary, Iterations = 12, Seed = 3 };
        BoostingCheckpoint? checkpoint = null;
        IBoostingShard[] Shards(int count) => [.. Cut(whole, count).Select(shard => new WireShard(shard))];
        byte[] expected = Bytes.Of(BoostingTrainer.FitShards(Shards(3), options, new BoostingSession { Checkpoint = c => checkpoint ??= c, CheckpointEvery = 5 }).Model);

        Assert.Equal(5, checkpoint!.History.Count);
        Assert.Equal(expected, Bytes.Of(BoostingTrainer.FitShards(Shards(3), options, new BoostingSession { Resume = _ => checkpoint }).Model));
        Assert.Throws<ArgumentException>(() => BoostingTrainer.FitShards(Shards(2), options, new BoostingSession { Resume = _ => checkpoint }));
    }

    [Fact]
    public void Deserialize_OtherColumnsOrDamaged_IsRefused()
    {
        TrainingSet set = Samples.Binary(300, 1);
        byte[] bytes = BinSketch.Of(set, 0).Serialize();
        Assert.Throws<FormatException>(() => BinSketch.Deserialize(bytes, [.. set.X.Features.Skip(1)]));
        Assert.Throws<FormatException>(() => BinSketch.Deserialize(bytes[..^1], set.X.Features));
        Assert.Throws<FormatException>(() => BinSketch.Deserialize([], set.X.Features));
    }

    [Fact]
    public void FitShards_QuantileLoss_IsRefused()
    {
        TrainingSet whole = Samples.Regression(200, 1);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            BoostingTrainer.FitShards([.. Cut(whole, 2).Select(shard => new LocalShard(shard))], new BoostingOptions { Loss = BoostingLoss.Absolute }, new BoostingSession()));
        Assert.Contains("Train on one shard", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_SketchesLargerThanTheSample_TheBinsOfTheWhole()
    {
        Random random = new(4);
        float[] column = Enumerable.Range(0, 250_000).Select(_ => (float)Samples.Normal(random)).ToArray();
        TrainingSet whole = new(Samples.Matrix(column), new float[column.Length]);
        float[] expected = BinSketch.Of(whole, 0).ToBins(255)[0].Edges;
        int at = 0;
        BinSketch[] parts = new[] { 1000, 149_000, 100_000 }.Select(count =>
        {
            BinSketch part = BinSketch.Of(new TrainingSet(whole.X.Take(Enumerable.Range(at, count).ToArray()), new float[count]), at);
            at += count;
            return part;
        }).ToArray();

        // Merging in two steps and another order changes nothing.
        BinSketch merged = BinSketch.Merge([BinSketch.Merge([parts[2], parts[0]]), parts[1]]);

        Assert.Equal(BinSketch.MaxRows, merged.Count);
        Assert.Equal(expected, merged.ToBins(255)[0].Edges);
    }

    private static TrainingSet[] Cut(TrainingSet whole, int shards) => Enumerable.Range(0, shards).Select(s =>
    {
        int from = (int)((long)whole.Rows * s * s / (shards * shards));
        int to = (int)((long)whole.Rows * (s + 1) * (s + 1) / (shards * shards));
        int[] rows = Enumerable.Range(from, to - from).ToArray();
        return new TrainingSet(whole.X.Take(rows), rows.Select(i => whole.Y[i]).ToArray(), whole.Weights is null ? null : rows.Select(i => whole.Weights[i]).ToArray());
    }).ToArray();
}
