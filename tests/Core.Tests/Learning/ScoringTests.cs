using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Forest;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

public class ScoringTests
{
    [Theory]
    [InlineData(31, 1)]
    [InlineData(32, 263)]
    [InlineData(33, 700)]
    [InlineData(200, 1031)]
    public void Predict_AnySize_EqualsWalkingRowByRow(int leaves, int rows)
    {
        TreeEnsemble model = BoostingTrainer.Fit(Samples.MultiClass(4000, 1, 3), new BoostingOptions { Loss = BoostingLoss.MultiClass, Classes = 3, Iterations = 8, MaxLeaves = leaves, MinLeafRows = 3 }).Model;
        Compare(model, WithOddities(rows));
    }

    [Fact]
    public void Predict_Forest_EqualsWalkingRowByRow()
    {
        TreeEnsemble model = ForestTrainer.Fit(Samples.MultiClass(500, 1, 3), new ForestOptions { Classes = 3, Trees = 5 }).Model;
        Compare(model, WithOddities(300));
    }

    [Fact]
    public void Write_ThenRead_SameBytesAndScores()
    {
        TreeEnsemble model = ForestTrainer.Fit(Samples.MultiClass(300, 1, 3), new ForestOptions { Classes = 3, Trees = 3 }).Model;
        byte[] bytes = Bytes.Of(model);
        using BinaryReader reader = new(new MemoryStream(bytes));
        TreeEnsemble read = TreeEnsembleFormat.Read(reader);
        Assert.Equal(bytes, Bytes.Of(read));
        FeatureMatrix x = WithOddities(50);
        Assert.Equal(model.Predict(x).Scores.ToArray(), read.Predict(x).Scores.ToArray());
    }

    [Fact]
    public void Predict_OtherNumberOfColumns_SaysBoth()
    {
        TreeEnsemble model = BoostingTrainer.Fit(Samples.Regression(100, 1), new BoostingOptions { Iterations = 1 }).Model;
        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Predict(Samples.Matrix([1f])));
        Assert.Contains("1 columns; the model was trained on 6", error.Message, StringComparison.Ordinal);
    }

    private static FeatureMatrix WithOddities(int rows)
    {
        FeatureMatrix x = Samples.Mixed(rows, 99, categories: 14);
        float[] odd = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.Epsilon];
        float[][] columns = Enumerable.Range(0, x.Columns).Select(j => x.Column(j).ToArray()).ToArray();
        for (int i = 0; i < rows; i += 7)
        {
            columns[i % 5][i] = odd[i % odd.Length];
        }

        return new FeatureMatrix(rows, x.Features, columns);
    }

    private static void Compare(TreeEnsemble model, FeatureMatrix x)
    {
        Predictions fast = model.Predict(x);
        float[] row = new float[x.Columns];
        double[] raw = new double[model.Width];
        float[] expected = new float[model.Outputs];
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            model.Raw(row, raw);
            Links.Apply(model.Link, raw, expected);
            Assert.Equal(expected, fast.Row(i).ToArray());
        }
    }
}
