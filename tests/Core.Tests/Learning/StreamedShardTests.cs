using System.Text;
using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Tests.Data;

namespace Mlops.Core.Tests.Learning;

public class StreamedShardTests
{
    private const int Columns = 6;
    private const int BlockRows = 4096;

    [Theory]
    [InlineData(BoostingLoss.Binary, 1.0)]
    [InlineData(BoostingLoss.Binary, 0.7)]
    [InlineData(BoostingLoss.MultiClass, 0.7)]
    [InlineData(BoostingLoss.Absolute, 0.7)]
    public void Fit_BlocksReadTwice_TheModelOfTheWhole(BoostingLoss loss, double rowFraction)
    {
        TrainingSet set = loss switch
        {
            BoostingLoss.Binary => Samples.Binary(3001, 1),
            BoostingLoss.MultiClass => Samples.MultiClass(3001, 1, 4),
            _ => Samples.Regression(3001, 1),
        };
        TrainingSet whole = new(WithCategories(set.X), set.Y, Enumerable.Range(0, set.Rows).Select(i => 0.5f + (i % 3)).ToArray(), Enumerable.Range(0, set.Rows).Select(i => (long)i * 7).ToArray());
        BoostingOptions options = new() { Loss = loss, Classes = loss == BoostingLoss.MultiClass ? 4 : 0, Iterations = 8, RowFraction = rowFraction, Seed = 3, MaxBins = 20 };

        BoostingCheckpoint? checkpoint = null;
        byte[] expected = Bytes.Of(BoostingTrainer.Fit(whole, options).Model);
        byte[] actual = Bytes.Of(BoostingTrainer.FitShards([Streamed(whole, 257)], options, new BoostingSession { Checkpoint = c => checkpoint ??= c, CheckpointEvery = 5 }).Model);
        byte[] resumed = Bytes.Of(BoostingTrainer.FitShards([Streamed(whole, 1000)], options, new BoostingSession { Resume = _ => checkpoint }).Model);

        Assert.Equal(expected, actual);
        Assert.Equal(expected, resumed);
    }

    [Fact]
    public void Fit_ShardsOfOneFile_TheModelOfTheWhole()
    {
        TrainingSet whole = Samples.Binary(2000, 1);
        BoostingOptions options = new() { Loss = BoostingLoss.Binary, Iterations = 5, RowFraction = 0.8, Seed = 3 };
        StreamedShard[] shards = [Streamed(Part(whole, 0, 1100), 100), Streamed(Part(whole, 1100, 900), 64)];
        Assert.Equal(Bytes.Of(BoostingTrainer.Fit(whole, options).Model), Bytes.Of(BoostingTrainer.FitShards(shards, options, new BoostingSession()).Model));
    }

    [Fact]
    public async Task Fit_WorkersThatReadTheirOwnCsv_TheModelOfTheWholeTable()
    {
        Random random = new(6);
        string[] rows = [.. Enumerable.Range(0, 3000).Select(_ =>
        {
            double x = random.NextDouble();
            int c = random.Next(12);
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x:R},{(random.Next(9) == 0 ? "" : $"c{c}")},{(x + (c * 0.1) > 1 ? 1 : 0)}\n");
        })];
        FeaturePipeline pipeline = new(
            [new FeatureInput("x", ColumnKind.Number), new FeatureInput("c", ColumnKind.Text)],
            [new NumberEncoder("x", ColumnKind.Number, Scaling.None), new CodeEncoder("c", [.. Enumerable.Range(0, 9).Select(i => $"c{i}")], groupOthers: true)]);
        byte[] Csv(int from, int to) => Encoding.UTF8.GetBytes("x,c,y\n" + string.Concat(rows[from..to]));
        TrainingSet ToSet(DataTable table) => new(pipeline.Transform(table), Array.ConvertAll(((NumericColumn)table["y"]).Values.ToArray(), y => (float)y));
        StreamedShard Worker(int from, int to) => new(pipeline.Outputs(), to - from, $"rows {from} to {to}", take =>
            BatchReader.ReadBlocksAsync(new MemoryStream(Csv(from, to)), BatchFormat.Csv, BatchLimits.Default, null, 500, table => take(ToSet(table)), default).GetAwaiter().GetResult());

        BoostingOptions options = new() { Loss = BoostingLoss.Binary, Iterations = 6, RowFraction = 0.8, Seed = 3 };
        BatchRead whole = await Batches.Read(Csv(0, 3000), BatchFormat.Csv);
        byte[] expected = Bytes.Of(BoostingTrainer.Fit(ToSet(whole.Table!), options).Model);
        byte[] actual = Bytes.Of(BoostingTrainer.FitShards([Worker(0, 800), Worker(800, 3000)], options, new BoostingSession()).Model);
        Assert.Equal(expected, actual);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(101)]
    public void Sketch_OtherNumberOfRows_IsRefused(int rows)
    {
        TrainingSet set = Samples.Binary(100, 1);
        StreamedShard shard = new(set.X.Features, rows, "hash", take => take(set));
        Assert.Contains($"expected {rows}", Assert.Throws<InvalidOperationException>(() => shard.Sketch(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bin_WeightsInSomeBlocksOnly_IsRefused()
    {
        TrainingSet set = Samples.Binary(100, 1);
        TrainingSet weighted = new(set.X, set.Y, Enumerable.Repeat(2f, 100).ToArray());
        StreamedShard shard = new(set.X.Features, 200, "hash", take =>
        {
            take(set);
            take(weighted);
        });
        FeatureBins[] bins = shard.Sketch(0).ToBins(10);
        Assert.Contains("all blocks", Assert.Throws<InvalidOperationException>(() => shard.Bin(bins, new BoostingOptions { Loss = BoostingLoss.Binary }, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void GrowingSketch_MoreRowsThanKept_TheSketchOfTheWhole()
    {
        Random random = new(4);
        TrainingSet whole = new(
            new FeatureMatrix(450_000, [new FeatureColumn("x"), new FeatureColumn("c", 300)], [Enumerable.Range(0, 450_000).Select(_ => (float)Samples.Normal(random)).ToArray(), Enumerable.Range(0, 450_000).Select(i => (float)(i % 400 * i % 300)).ToArray()]),
            new float[450_000]);
        GrowingSketch growing = new(whole.X.Features);
        for (int start = 0; start < whole.Rows; start += 9000)
        {
            growing.Add(Part(whole, start, 9000), start);
        }

        BinSketch sketch = growing.Build();
        Assert.Equal(BinSketch.MaxRows, sketch.Count);
        Assert.Equal(BinSketch.Of(whole, 0).Serialize(), sketch.Serialize());
    }

    [Fact]
    public async Task Read_CsvTwice_TheBinsOfTheWholeAndNoBlockIsHeld()
    {
        const int rows = 300_000;
        List<WeakReference> blocks = [];
        int held = 0;
        int at = 0;
        void Watch(TrainingSet block)
        {
            // Other tests run beside, so that bytes would not tell: what is held is told by the blocks that survive a collection.
            blocks.Add(new WeakReference(block.X));
            at += block.Rows;
            if (blocks.Count % 20 == 0)
            {
                GC.Collect();
                held = Math.Max(held, blocks.Count(b => b.IsAlive));
            }
        }

        GrowingSketch sketch = new([.. Enumerable.Range(0, Columns).Select(j => new FeatureColumn($"c{j}"))]);
        await ReadAsync(rows, block =>
        {
            sketch.Add(block, at);
            Watch(block);
        });
        Assert.Equal(rows, at);
        BinnedMatrix binned = BinnedMatrix.Empty(rows, sketch.Build().ToBins(255));
        at = 0;
        await ReadAsync(rows, block =>
        {
            binned.Write(at, block.X, 1, default);
            Watch(block);
        });
        Assert.Equal(2 * ((rows + BlockRows - 1) / BlockRows), blocks.Count);
        Assert.InRange(held, 1, 3);

        await using GeneratedStream stream = Text(rows);
        DataTable table = (await BatchReader.ReadAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, TestContext.Current.CancellationToken)).Table!;
        Assert.Equal(BinnedMatrix.Create(ToSet(table), 255, 1, default).Bins, binned.Bins);
    }

    private static async Task ReadAsync(int rows, Action<TrainingSet> take)
    {
        await using GeneratedStream stream = Text(rows);
        BatchRead read = await BatchReader.ReadBlocksAsync(stream, BatchFormat.Csv, BatchLimits.Default, null, BlockRows, table => take(ToSet(table)), TestContext.Current.CancellationToken);
        Assert.Empty(read.Problems);
    }

    /// <summary>A file that is not held: every line has the same length, and its digits follow from their position.</summary>
    private static GeneratedStream Text(int rows)
    {
        byte[] header = Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, Columns).Select(j => $"c{j}")) + "\n");
        const int cell = 9;
        return new GeneratedStream(header.Length + ((long)rows * Columns * cell), i =>
        {
            if (i < header.Length)
            {
                return header[i];
            }

            long place = i - header.Length;
            return (place % cell) switch
            {
                cell - 1 => place / cell % Columns == Columns - 1 ? (byte)'\n' : (byte)',',
                1 => (byte)'.',
                _ => (byte)('0' + (Hash.Of(1, place) % 10)),
            };
        });
    }

    private static TrainingSet ToSet(DataTable table) => new(
        new FeatureMatrix(table.RowCount, [.. table.Columns.Select(c => new FeatureColumn(c.Name))], [.. table.Columns.Select(c => Array.ConvertAll(((NumericColumn)c).Values.ToArray(), v => (float)v))]),
        new float[table.RowCount]);

    /// <summary>The features and, beside, one of 40 codes, more than bins, and one with missing values.</summary>
    private static FeatureMatrix WithCategories(FeatureMatrix x)
    {
        float[] codes = Enumerable.Range(0, x.Rows).Select(i => (float)(i * i % 43)).ToArray();
        float[] gaps = Enumerable.Range(0, x.Rows).Select(i => i % 4 == 0 ? float.NaN : (x[i, 0] * 2) + 1).ToArray();
        return new FeatureMatrix(
            x.Rows,
            [.. x.Features, new FeatureColumn("code", 40), new FeatureColumn("gaps")],
            [.. Enumerable.Range(0, x.Columns).Select(j => x.Column(j).ToArray()), codes, gaps]);
    }

    private static StreamedShard Streamed(TrainingSet set, int blockRows) => new(set.X.Features, set.Rows, Fingerprint.Of(set), take =>
    {
        for (int start = 0; start < set.Rows; start += blockRows)
        {
            take(Part(set, start, Math.Min(blockRows, set.Rows - start)));
        }
    });

    private static TrainingSet Part(TrainingSet set, int start, int count) => new(
        set.X.Take(Enumerable.Range(start, count).ToArray()),
        set.Y[start..(start + count)],
        set.Weights?[start..(start + count)],
        set.RowIds?[start..(start + count)]);
}
