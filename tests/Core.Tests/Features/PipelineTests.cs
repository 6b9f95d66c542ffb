using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Features;

public class PipelineTests
{
    [Fact]
    public void TargetEncoding_OwnAnswer_NeverReachesTheRow()
    {
        // The proof: changing one answer changes no training feature of that row, whatever the category.
        Random random = new(1);
        TextColumn column = TextColumn.From("id", Enumerable.Range(0, 200).Select(i => $"c{i % 37}"));
        float[] answers = [.. Enumerable.Range(0, 200).Select(_ => (float)random.NextDouble())];
        (_, IReadOnlyList<float[]> before) = TargetEncoding.Fit(column, new TargetStatistics(["y"], [answers]), 10, 5);
        int changedOthers = 0;
        for (int row = 0; row < 200; row++)
        {
            float[] changed = [.. answers];
            changed[row] += 1000;

            (_, IReadOnlyList<float[]> after) = TargetEncoding.Fit(column, new TargetStatistics(["y"], [changed]), 10, 5);

            Assert.Equal(before[0][row], after[0][row]);
            changedOthers += before[0].AsSpan().SequenceEqual(after[0]) ? 0 : 1;
        }

        Assert.Equal(200, changedOthers);
    }

    [Fact]
    public void TargetEncoding_NoiseWithManyCategories_DoesNotPredictTheTrainingAnswers()
    {
        // Encoded with its own answers, a category of two rows would nearly be the answer.
        Random random = new(2);
        TextColumn column = TextColumn.From("id", Enumerable.Range(0, 2000).Select(i => $"c{i / 2}"));
        float[] answers = [.. Enumerable.Range(0, 2000).Select(_ => (float)random.NextDouble())];

        (TargetEncoder encoder, IReadOnlyList<float[]> outOfFold) = TargetEncoding.Fit(column, new TargetStatistics(["y"], [answers]), 1, 3);
        float[] leaky = new float[2000];
        encoder.Encode(column, [leaky]);

        Assert.True(Correlation(leaky, answers) > 0.5);
        Assert.True(Math.Abs(Correlation(outOfFold[0], answers)) < 0.1);
    }

    [Fact]
    public void TargetEncoding_NewRows_AreSmoothedMeans()
    {
        TextColumn column = TextColumn.From("c", ["a", "a", "b", null]);

        (TargetEncoder encoder, _) = TargetEncoding.Fit(column, new TargetStatistics(["y"], [[1, 3, 10, 2]]), 2, 1);
        float[] encoded = new float[4];
        encoder.Encode(TextColumn.From("c", ["a", "b", "new", null]), [encoded]);

        // Prior 4 with weight 2: (4 + 8) / 4, (10 + 8) / 3; anything else the prior.
        Assert.Equal([3f, 6f, 4f, 4f], encoded);
    }

    // A million rows with a few hundred texts each once became more numbers than memory holds, and took the process with them.
    [Fact]
    public void Fit_MoreFeaturesThanMemoryHolds_SaysWhatToLower()
    {
        const int Rows = 60_000;
        TextColumn[] columns = [.. Enumerable.Range(0, 180).Select(j => new TextColumn($"c{j}", [.. Enumerable.Range(0, Rows).Select(i => (i + j) % 60)], [.. Enumerable.Range(0, 60).Select(c => $"v{c}")]))];

        string message = Assert.Throws<ArgumentException>(() => PipelineFitter.Fit(new DataTable(columns), [.. columns.Select(c => c.Name)], FeatureOptions.Linear with { TargetEncode = false }, null, 1)).Message;

        Assert.Contains("60,000 rows of 9,180 features are 550,800,000 numbers; expected at most 500,000,000", message, StringComparison.Ordinal);
        Assert.Contains("'maxCategories'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TargetEncoding_MoreCategoriesThanTheBound_RareOnesShareThePrior()
    {
        // Twice as many categories as have a number of their own; the frequent half has three rows each, whatever the order of the rows.
        const int Half = TargetEncoding.MaxCategories;
        int[] ids = [.. Enumerable.Range(0, Half), .. Enumerable.Range(0, 3 * Half).Select(i => Half + (i % Half))];
        new Random(4).Shuffle(ids);
        float[] answers = [.. ids.Select(id => id % 7f)];

        (TargetEncoder encoder, IReadOnlyList<float[]> outOfFold) = TargetEncoding.Fit(TextColumn.From("c", ids.Select(id => $"c{id}")), new TargetStatistics(["y"], [answers]), 1, 1);
        float[] encoded = new float[4];
        encoder.Encode(TextColumn.From("c", [$"c{Half}", "c0", "new", null]), [encoded]);

        Assert.Equal(Half, encoder.Categories.Count);
        double prior = answers.Average();
        Assert.Equal(((3 * (Half % 7)) + prior) / 4, encoded[0], 1e-5);
        Assert.All(encoded[1..], number => Assert.Equal(prior, number, 1e-5));

        // In training too, or the model would learn what it never sees again.
        Assert.Equal(TargetEncoding.Folds, Enumerable.Range(0, ids.Length).Where(i => ids[i] < Half).Select(i => outOfFold[0][i]).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(86_399)]
    [InlineData(951_782_400)] // 2000-02-29
    [InlineData(4_107_542_399)] // 2100-02-28T23:59:59, not a leap year
    [InlineData(-62_135_596_800)] // 0001-01-01
    [InlineData(253_402_300_799)] // 9999-12-31T23:59:59
    public void TimestampEncoder_KnownInstant_EqualsTheCalendar(long seconds)
    {
        DateTimeOffset instant = DateTimeOffset.FromUnixTimeSeconds(seconds);
        TimestampPart[] parts = [TimestampPart.Year, TimestampPart.Month, TimestampPart.Day, TimestampPart.WeekDay, TimestampPart.Hour, TimestampPart.Minute];

        Assert.Equal(
            [instant.Year, instant.Month, instant.Day, ((int)instant.DayOfWeek + 6) % 7, instant.Hour, instant.Minute],
            Encode(parts, seconds).Select(v => (int)v));
    }

    [Fact]
    public void TimestampEncoder_RandomInstants_EqualTheCalendar()
    {
        Random random = new(3);
        for (int i = 0; i < 5000; i++)
        {
            TimestampEncoder_KnownInstant_EqualsTheCalendar(random.NextInt64(-62_135_596_800, 253_402_300_799));
        }
    }

    [Fact]
    public void Fit_RareAndUnseenCategories_ShareACode()
    {
        TextColumn column = TextColumn.From("c", ["a", "a", "a", "b", "b", "rare", null]);
        DataTable train = new([column]);

        (FeaturePipeline pipeline, _) = PipelineFitter.Fit(train, ["c"], FeatureOptions.Trees with { TargetEncode = false }, null, 1);
        FeatureMatrix encoded = pipeline.Transform(new DataTable([TextColumn.From("c", ["b", "a", "rare", "new", null])]));

        Assert.Equal([1f, 0, 2, 2, -1], encoded.Column(0).ToArray());
        Assert.Equal(3, encoded.Features[0].Cardinality);
    }

    [Fact]
    public void Fit_DenseOptions_LeaveNothingMissingAndScale()
    {
        DataTable train = new([new NumericColumn("n", [1, 2, 3, double.NaN]), TextColumn.From("c", ["a", "b", "a", null]), new NumericColumn("t", [0, 1e6, 2e6, double.NaN], ColumnKind.Timestamp)]);

        (FeaturePipeline pipeline, FeatureMatrix features) = PipelineFitter.Fit(train, ["n", "c", "t"], FeatureOptions.Linear with { MinCategoryRows = 1 }, null, 1);

        Assert.All(Enumerable.Range(0, features.Columns), j => Assert.DoesNotContain(features.Column(j).ToArray(), float.IsNaN));
        Assert.Equal([-1.2247449f, 0, 1.2247449f, 0], features.Column(0).ToArray());
        Assert.Equal([0f, 0, 0, 1], features.Column(1).ToArray());
        Assert.Contains("n is missing", pipeline.Outputs().Select(f => f.Name));
        Assert.Contains("c is missing", pipeline.Outputs().Select(f => f.Name));
    }

    [Fact]
    public void Transform_AbsurdNumbers_StayFiniteWhenScaled()
    {
        DataTable train = new([new NumericColumn("n", [1, 2, 3])]);
        (FeaturePipeline pipeline, _) = PipelineFitter.Fit(train, ["n"], FeatureOptions.Linear, null, 1);

        FeatureMatrix encoded = pipeline.Transform(new DataTable([new NumericColumn("n", [1e300, double.NegativeInfinity, double.NaN])]));

        Assert.Equal([1000f, -1000, 0], encoded.Column(0).ToArray());
    }

    [Fact]
    public void Transform_ColumnOfAnotherKind_IsReadAsInTraining()
    {
        DataTable train = new([new NumericColumn("n", [1.5, 2, 3]), TextColumn.From("c", ["1", "2", "1"]), new NumericColumn("i", [1, 2, 3], ColumnKind.Integer)]);
        (FeaturePipeline pipeline, _) = PipelineFitter.Fit(train, ["n", "c", "i"], FeatureOptions.Trees with { MinCategoryRows = 1 }, null, 1);

        FeatureMatrix encoded = pipeline.Transform(new DataTable(
            [new NumericColumn("n", [1, 2], ColumnKind.Integer), new NumericColumn("c", [2, 1], ColumnKind.Integer), TextColumn.From("i", ["7", null])]));

        Assert.Equal([1f, 2], encoded.Column(0).ToArray());
        Assert.Equal([1f, 0], encoded.Column(1).ToArray());
        Assert.Equal([7f, float.NaN], encoded.Column(2).ToArray());
    }

    [Fact]
    public void Transform_ValueThatCannotBeRead_SaysWhereFoundExpected()
    {
        DataTable train = new([new NumericColumn("n", [1.5, 2, 3])]);
        (FeaturePipeline pipeline, _) = PipelineFitter.Fit(train, ["n"], FeatureOptions.Trees, null, 1);

        ArgumentException error = Assert.Throws<ArgumentException>(() => pipeline.Transform(new DataTable([TextColumn.From("n", ["1", "x"])])));

        Assert.Contains("Column 'n', row 1: found 'x'; the model was trained on Number", error.Message, StringComparison.Ordinal);
        Assert.Contains("Column 'n' is absent", Assert.Throws<ArgumentException>(() => pipeline.Transform(new DataTable([]))).Message, StringComparison.Ordinal);
    }

    private static double[] Encode(TimestampPart[] parts, long seconds)
    {
        TimestampEncoder encoder = new("t", parts, [.. parts.Select(_ => Scaling.None)]);
        float[][] features = [.. parts.Select(_ => new float[1])];
        encoder.Encode(new NumericColumn("t", [seconds], ColumnKind.Timestamp), features);
        return [.. features.Select(f => (double)f[0])];
    }

    private static double Correlation(float[] a, float[] b)
    {
        double ma = a.Average(), mb = b.Average();
        return a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum() / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
    }
}
