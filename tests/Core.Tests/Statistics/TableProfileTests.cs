using System.Text;
using Mlops.Core.Data;
using Mlops.Core.Statistics;

namespace Mlops.Core.Tests.Statistics;

public class TableProfileTests
{
    [Theory]
    [InlineData("normal")]
    [InlineData("lognormal")]
    [InlineData("discrete")]
    [InlineData("mostly zero")]
    [InlineData("timestamps")]
    public void Quantiles_OfAMillionValues_HaveRankErrorUnderOnePercent_AlsoMerged(string world)
    {
        double[] values = Worlds.Numbers(world, 1_000_000, 7);
        double[] sorted = [.. values.Order()];
        ColumnProfile whole = Profile(values);
        TableProfile[] parts = [.. values.Chunk(10_000).Select(c => Table(c))];
        ColumnProfile merged = TableProfile.Merge(parts).Columns[0];
        Random random = new(1);
        random.Shuffle(parts);
        ColumnProfile shuffled = TableProfile.Merge([TableProfile.Merge(parts[..37]), TableProfile.Merge(parts[37..])]).Columns[0];
        foreach (ColumnProfile profile in new[] { whole, merged, shuffled })
        {
            Assert.Equal(sorted[0], profile.Quantiles.Minimum);
            Assert.Equal(sorted[^1], profile.Quantiles.Maximum);
            Assert.Equal(1_000_000, profile.Quantiles.Count);
            for (double q = 0.001; q < 1; q += 0.0075)
            {
                double value = profile.Quantiles.Quantile(q);
                int from = Below(sorted, value), to = Below(sorted, Math.BitIncrement(value));
                double error = Math.Max(0, Math.Max(from / 1e6 - q, q - to / 1e6));
                Assert.True(error <= 0.01, $"{world}: quantile {q} = {value} has rank {from / 1e6} … {to / 1e6}.");
                double x = sorted[(int)(q * 1e6)];
                Assert.InRange(profile.Quantiles.Cdf(x), Below(sorted, x) / 1e6 - 0.01, Below(sorted, Math.BitIncrement(x)) / 1e6 + 0.01);
            }
        }
    }

    [Fact]
    public void ToJson_OfWideColumns_StaysUnderTenKilobytesAndReadsBack()
    {
        const int n = 300_000;
        DataTable table = new([
            new NumericColumn("number", Worlds.Numbers("lognormal", n, 3)),
            new NumericColumn("instants", Worlds.Numbers("timestamps", n, 4), ColumnKind.Timestamp),
            TextColumn.From("ids", Enumerable.Range(0, n).Select(i => $"\"customer\" ☃ {i}")),
        ]);
        TableProfile profile = TableProfile.Of(table);
        foreach (ColumnProfile column in profile.Columns)
        {
            string json = new TableProfile(n, [column]).ToJson();
            Assert.InRange(Encoding.UTF8.GetByteCount(json), 1000, 10 * 1024);
            Assert.Equal(json, TableProfile.FromJson(json).ToJson());
        }
    }

    /// <summary>Values below x.</summary>
    private static int Below(double[] sorted, double x)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = sorted[middle] < x ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static ColumnProfile Profile(double[] values) => Table(values).Columns[0];

    private static TableProfile Table(double[] values) => TableProfile.Of(new DataTable([new NumericColumn("x", values)]));
}
