using Mlops.Core.Learning;
using Mlops.Core.Learning.Binning;
using Mlops.Core.Learning.Growing;

namespace Mlops.Core.Tests.Learning;

public class GrowingTests
{
    [Fact]
    public void Histogram_AnyRows_EqualsTheNaiveSumsAndConserves()
    {
        (BinnedMatrix data, int[] packed) = Data(5000, 1);
        int[] rows = Enumerable.Range(0, 5000).Where(i => i % 3 != 1).ToArray();
        long[] fast = new long[data.TotalBins];
        AddRows(data, packed, rows, null, fast);

        for (int j = 0; j < data.Stride; j++)
        {
            long[] gradients = new long[data.Features[j].Count];
            long[] hessians = new long[data.Features[j].Count];
            foreach (int row in rows)
            {
                int bin = data.Bins[(row * data.Stride) + j];
                gradients[bin] += packed[row] >> 16;
                hessians[bin] += packed[row] & 0xFFFF;
            }

            for (int bin = 0; bin < gradients.Length; bin++)
            {
                Assert.Equal(gradients[bin], Histogram.Gradient(fast[data.Offsets[j] + bin]));
                Assert.Equal(hessians[bin], Histogram.Hessian(fast[data.Offsets[j] + bin]));
            }

            // Every row is in one bin of each feature.
            Assert.Equal(rows.Sum(r => (long)(packed[r] >> 16)), gradients.Sum());
        }
    }

    [Fact]
    public void Subtract_ChildFromParent_IsTheSibling()
    {
        (BinnedMatrix data, int[] packed) = Data(3000, 2);
        int[] all = Enumerable.Range(0, 3000).ToArray();
        long[] parent = new long[data.TotalBins];
        long[] left = new long[data.TotalBins];
        long[] right = new long[data.TotalBins];
        AddRows(data, packed, all, null, parent);
        AddRows(data, packed, all.Where(i => i % 7 == 0).ToArray(), null, left);
        AddRows(data, packed, all.Where(i => i % 7 != 0).ToArray(), null, right);
        Histogram.Subtract(parent, left);
        Assert.Equal(right, parent);
    }

    [Fact]
    public void AddHistogram_SomeFeatures_LeavesTheOthersEmpty()
    {
        (BinnedMatrix data, int[] packed) = Data(500, 3);
        long[] some = new long[data.TotalBins];
        long[] all = new long[data.TotalBins];
        int[] rows = Enumerable.Range(0, 500).ToArray();
        AddRows(data, packed, rows, [1, 3], some);
        AddRows(data, packed, rows, null, all);
        for (int j = 0; j < data.Stride; j++)
        {
            Range range = data.Offsets[j]..data.Offsets[j + 1];
            Assert.Equal(j is 1 or 3 ? all[range] : new long[data.Features[j].Count], some[range]);
        }
    }

    [Fact]
    public void Limit_SumOverAllRows_StaysBelowTwoToThe31()
    {
        for (long rows = 1; rows <= Gradients.MaxRows; rows = (rows * 2) + 1)
        {
            Assert.True(rows * Gradients.Limit(rows) < 1L << 31, $"{rows} rows");
            Assert.True(Gradients.Limit(rows) >= 31);
        }

        Assert.Equal(short.MaxValue, Gradients.Limit(100));
        Assert.Equal(4095, Gradients.Limit(500_000));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void Find_Numeric_EqualsBruteForceAndBothPathsAgree(double l1)
    {
        for (int seed = 0; seed < 60; seed++)
        {
            (BinnedMatrix data, int[] packed) = Data(400, seed);
            int[] rows = Enumerable.Range(0, 400).ToArray();
            long[] histogram = new long[data.TotalBins];
            AddRows(data, packed, rows, null, histogram);
            long sum = rows.Sum(r => ((long)(packed[r] >> 16) << 32) + (ushort)packed[r]);
            GrowerOptions options = new() { L1 = l1, L2 = 1.5, MinLeafRows = 5, MaxStep = seed % 2 == 0 ? 0.5 : double.PositiveInfinity };
            LeafState leaf = new(sum, 400, -options.MaxStep, options.MaxStep);
            for (int j = 0; j < data.Stride - 1; j++)
            {
                ReadOnlySpan<long> part = histogram.AsSpan(data.Offsets[j], data.Features[j].Count);
                Split? fast = SplitFinder.Find(j, data.Features[j], part, leaf, options, 0.01, 0.02);
                Split? plain = SplitFinder.Find(j, data.Features[j], part, leaf, options with { UseVectors = false }, 0.01, 0.02);
                double best = BruteForce(data, packed, j, options, sum);
                Assert.Equal(best > 0, plain is not null);
                Assert.Equal(plain?.Gain, fast?.Gain);
                Assert.Equal(plain?.Bin, fast?.Bin);
                Assert.Equal(plain?.MissingLeft, fast?.MissingLeft);
                if (plain is { } split)
                {
                    Assert.Equal(best, split.Gain, 1e-9 * Math.Max(1, best));
                }
            }
        }
    }

    [Fact]
    public void Find_Categorical_EqualsTheBestOfAllSubsets()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            Random random = new(seed);
            long[] histogram = Enumerable.Range(0, 7).Select(_ => ((long)random.Next(-900, 900) << 32) + 1000).Append(0).ToArray();
            long sum = histogram.Sum();
            FeatureBins bins = FeatureBins.Categorical([0, 1, 2, 3, 4, 5, 6]);
            GrowerOptions options = new() { MinLeafRows = 1, CategoricalL2 = 3, L2 = 1 };
            Split? found = SplitFinder.Find(0, bins, histogram, new LeafState(sum, 7000, double.NegativeInfinity, double.PositiveInfinity), options, 1, 1);
            double best = 0;
            for (int set = 1; set < 127; set++)
            {
                long left = Enumerable.Range(0, 7).Where(b => (set >> b & 1) != 0).Sum(b => histogram[b]);
                best = Math.Max(best, Gain(left, 4) + Gain(sum - left, 4) - Gain(sum, 1));
            }

            Assert.Equal(best, found?.Gain ?? 0, 1e-9 * Math.Max(1, best));
        }

        static double Gain(long s, double l2) => Math.Pow(Histogram.Gradient(s), 2) / (Histogram.Hessian(s) + l2);
    }

    [Fact]
    public void Find_CategoriesOfFewRows_AreNotSortedByChance()
    {
        // Two categories of 100 rows that differ, and twenty of five rows that lead on both sides by chance.
        long[] histogram = [Entry(-300, 100), Entry(300, 100), .. Enumerable.Range(0, 20).Select(i => Entry(i % 2 == 0 ? -40 : 40, 5)), 0];
        FeatureBins bins = FeatureBins.Categorical([.. Enumerable.Range(0, 22)]);
        LeafState leaf = new(histogram.Sum(), 300, double.NegativeInfinity, double.PositiveInfinity);

        Split? found = SplitFinder.Find(0, bins, histogram, leaf, new GrowerOptions { MinLeafRows = 1 }, 1, 1);

        Assert.Equal([0], Enumerable.Range(0, 22).Where(bin => found!.Value.LeftBins![bin]));
        Assert.Equal(histogram[0], found!.Value.LeftSum);

        // Nothing but small ones: no split.
        long[] small = [0, 0, .. histogram[2..]];
        Assert.Null(SplitFinder.Find(0, bins, small, leaf with { Sum = small.Sum(), Count = 100 }, new GrowerOptions { MinLeafRows = 1 }, 1, 1));

        static long Entry(long gradient, long hessian) => (gradient << 32) + hessian;
    }

    [Fact]
    public void Part_ManyBlocksAndThreads_PartsStably()
    {
        (BinnedMatrix data, int[] _) = Data(100_000, 5);
        Split split = new() { Feature = 1, Bin = data.Features[1].ValueBins / 2, MissingLeft = true, Gain = 0, LeftSum = 0, LeftValue = 0, RightValue = 0 };
        foreach (int threads in new[] { 1, 3 })
        {
            RowPartition partition = new(100_000);
            Assert.Equal(80_000, partition.Reset(i => i % 5 != 0));
            int[] before = Rows(partition, 0);
            Assert.Equal(Enumerable.Range(0, 100_000).Where(i => i % 5 != 0), before);
            int left = partition.Part(data, split, 0, 200, 7, threads);
            Assert.Equal(before.Count(Left), left);
            Assert.Equal(before.Where(Left), Rows(partition, 200));
            Assert.Equal(before.Where(r => !Left(r)), Rows(partition, 7));
        }

        static int[] Rows(RowPartition partition, int leaf) =>
            [.. Enumerable.Range(0, partition.Blocks).SelectMany(block => partition.Places(leaf, block).ToArray().Select(place => (block * RowPartition.BlockRows) + place))];

        bool Left(int row)
        {
            int bin = data.Bins[(row * data.Stride) + 1];
            return bin <= split.Bin || bin == data.Features[1].MissingBin;
        }
    }

    [Fact]
    public void Grow_HistogramsGivenBack_LeavesStillSumToTheirRows()
    {
        bool rebuilt = false;
        for (int seed = 0; seed < 20; seed++)
        {
            (BinnedMatrix data, int[] packed) = Data(3000, seed);

            // A few rows carry most of the curvature: the estimate of rows per side errs, and splits are refused.
            packed = [.. packed.Select((p, i) => (p & ~0xFFFF) + (i % 17 == 0 ? 30_000 : 30))];
            CountedRows rows = new(new LocalRows(data, 1) { Packed = packed });
            rows.Inner.Reset(null);
            GrowerOptions options = new() { MaxLeaves = 12, MinLeafRows = 60, L2 = 1 };
            (_, List<Leaf> leaves) = new TreeGrower(data.Features, options).Grow(rows, 0.01, 0.0001, null, default);
            foreach (Leaf leaf in leaves)
            {
                int[] inLeaf = [.. rows.Inner.Partition.Places(leaf.Id, 0).ToArray().Select(p => (int)p)];
                Assert.Equal(leaf.Count, inLeaf.Length);
                Assert.Equal(inLeaf.Sum(r => (long)(packed[r] >> 16)), Histogram.Gradient(leaf.State.Sum));
                Assert.Equal(inLeaf.Sum(r => (long)(ushort)packed[r]), Histogram.Hessian(leaf.State.Sum));
            }

            rebuilt |= rows.Summed.Any(id => id % 2 == 1 && rows.Summed.Contains(id + 1));
        }

        Assert.True(rebuilt, "No histogram was summed a second time: the test shows nothing.");
    }

    [Fact]
    public void Exp_AndSigmoid_AreWithinTwoUnitsInTheLastPlaces()
    {
        float[] x = Enumerable.Range(-8700, 17_400).Select(i => i / 100f).ToArray();
        float[] exp = new float[x.Length];
        float[] sigmoid = new float[x.Length];
        VectorMath.Exp(x, exp);
        VectorMath.Sigmoid(x, sigmoid);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.Equal(1, exp[i] / Math.Exp(x[i]), 3e-7);
            Assert.Equal(1 / (1 + Math.Exp(-x[i])), sigmoid[i], 2e-7);
        }
    }

    private static void AddRows(BinnedMatrix data, int[] packed, int[] rows, int[]? features, long[] histogram) =>
        Histogram.Add(data, packed, 0, [.. rows.Select(row => (ushort)row)], features, histogram);

    private sealed class CountedRows(LocalRows inner) : ITreeRows
    {
        public LocalRows Inner => inner;

        public HashSet<int> Summed { get; } = [];

        public (long Sum, int Count) Root() => inner.Root();

        public void AddHistogram(int leaf, int[]? features, long[] histogram)
        {
            Summed.Add(leaf);
            inner.AddHistogram(leaf, features, histogram);
        }

        public int Part(int leaf, Split split, int left, int right) => inner.Part(leaf, split, left, right);
    }

    private static (BinnedMatrix Data, int[] Packed) Data(int rows, int seed)
    {
        Random random = new(seed);
        FeatureMatrix x = Samples.Mixed(rows, seed);
        int[] packed = Enumerable.Range(0, rows).Select(_ => (random.Next(-2000, 2000) << 16) + random.Next(500, 1000)).ToArray();
        return (BinnedMatrix.Create(new TrainingSet(x, new float[rows]), 30, 1, default), packed);
    }

    private static double BruteForce(BinnedMatrix data, int[] packed, int feature, GrowerOptions options, long total)
    {
        FeatureBins bins = data.Features[feature];
        int rows = packed.Length;
        double best = 0;
        for (int cut = 0; cut < bins.ValueBins; cut++)
        {
            foreach (bool missingLeft in new[] { false, true })
            {
                long left = 0;
                for (int i = 0; i < rows; i++)
                {
                    int bin = data.Bins[(i * data.Stride) + feature];
                    if (bin == bins.MissingBin ? missingLeft : bin <= cut)
                    {
                        left += ((long)(packed[i] >> 16) << 32) + (ushort)packed[i];
                    }
                }

                double perRow = (double)Histogram.Hessian(total) / rows;
                if (Histogram.Hessian(left) < (options.MinLeafRows - 0.5) * perRow || Histogram.Hessian(total - left) < (options.MinLeafRows - 0.5) * perRow)
                {
                    continue;
                }

                best = Math.Max(best, Objective(total, options) - Objective(left, options) - Objective(total - left, options));
            }
        }

        return best;
    }

    /// <summary>Twice the smallest G·v + ½(H + l2)·v² + l1·|v| over |v| ≤ MaxStep, by golden-section search.</summary>
    private static double Objective(long sum, GrowerOptions options)
    {
        double g = Histogram.Gradient(sum) * 0.01;
        double h = (Histogram.Hessian(sum) * 0.02) + options.L2;
        double At(double v) => (2 * g * v) + (h * v * v) + (2 * options.L1 * Math.Abs(v));
        double span = Math.Min(options.MaxStep, 1000);
        double low = -span;
        double high = span;
        for (int i = 0; i < 200; i++)
        {
            double a = high - ((high - low) * 0.6180339887498949);
            double b = low + ((high - low) * 0.6180339887498949);
            (low, high) = At(a) < At(b) ? (low, b) : (a, high);
        }

        return At((low + high) / 2);
    }
}
