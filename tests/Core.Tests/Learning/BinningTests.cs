using Mlops.Core.Learning.Binning;

namespace Mlops.Core.Tests.Learning;

public class BinningTests
{
    [Fact]
    public void Bin_AnyValue_IsTheNumberOfEdgesBelow()
    {
        Random random = new(1);
        for (int trial = 0; trial < 30; trial++)
        {
            float scale = (float)Math.Pow(10, random.Next(-38, 38));
            float[] values = Enumerable.Range(0, 2000).Select(_ => (float)Samples.Normal(random) * scale).Concat([0f, -0f, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity]).ToArray();
            FeatureBins bins = BinFinder.Numeric(values, random.Next(2, 256));
            byte[] applied = new byte[values.Length];
            bins.Apply(values, applied, 1);
            Assert.Equal(bins.Edges.Order(), bins.Edges);
            for (int i = 0; i < values.Length; i++)
            {
                int expected = bins.Edges.Count(e => e < values[i]);
                Assert.Equal(expected, bins.Bin(values[i]));
                Assert.Equal(expected, applied[i]);
            }
        }
    }

    [Fact]
    public void Numeric_FewValues_CutsBetweenAllOfThem()
    {
        FeatureBins bins = BinFinder.Numeric([3f, 1f, float.NaN, 2f, 3f, 1f], 255);
        Assert.Equal([1.5f, 2.5f], bins.Edges);
        Assert.Equal(3, bins.MissingBin);
        Assert.Equal(3, bins.Bin(float.NaN));
    }

    [Fact]
    public void Numeric_NeighbouringFloats_StayApart()
    {
        float low = 16_777_216f;
        float high = MathF.BitIncrement(low);
        FeatureBins bins = BinFinder.Numeric([low, high], 255);
        Assert.Equal(0, bins.Bin(low));
        Assert.Equal(1, bins.Bin(high));
    }

    [Fact]
    public void Numeric_ManyValues_FillsBinsAboutEqually()
    {
        Random random = new(2);
        float[] values = Enumerable.Range(0, 50_000).Select(_ => (float)Math.Exp(Samples.Normal(random))).ToArray();
        FeatureBins bins = BinFinder.Numeric(values, 100);
        int[] counts = new int[bins.Count];
        foreach (float value in values)
        {
            counts[bins.Bin(value)]++;
        }

        Assert.Equal(100, bins.ValueBins);
        Assert.All(counts[..100], c => Assert.InRange(c, 400, 600));
    }

    [Fact]
    public void Numeric_ValueThatFillsBins_HasOneOfItsOwn()
    {
        Random random = new(3);
        float[] values = Enumerable.Range(0, 10_000).Select(i => i % 2 == 0 ? 0f : (float)Samples.Normal(random)).ToArray();
        FeatureBins bins = BinFinder.Numeric(values, 64);
        int zero = bins.Bin(0);
        Assert.NotEqual(zero, bins.Bin(-0.01f));
        Assert.NotEqual(zero, bins.Bin(0.01f));
        Assert.InRange(bins.ValueBins, 60, 64);
    }

    [Fact]
    public void Categorical_MoreCodesThanBins_KeepsTheFrequent()
    {
        long[] counts = Enumerable.Range(0, 1000).Select(c => c == 7 ? 500L : c % 3 == 0 ? 20 : 1).ToArray();
        FeatureBins bins = BinFinder.Categorical(counts, 10);
        Assert.Equal(10, bins.ValueBins);
        Assert.Equal([0, 3, 6, 7, 9, 12, 15, 18, 21, 24], bins.Codes!);
        Assert.Equal(bins.MissingBin, bins.Bin(999));
        Assert.Equal(bins.MissingBin, bins.Bin(float.NaN));
        Assert.Equal(bins.MissingBin, bins.Bin(-1));
        Assert.Equal(bins.MissingBin, bins.Bin(float.PositiveInfinity));
    }
}
