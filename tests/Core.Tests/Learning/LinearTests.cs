using System.Text.Json;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Forest;
using Mlops.Core.Learning.Linear;

namespace Mlops.Core.Tests.Learning;

/// <summary>Against scikit-learn: tests/golden/learning.py writes learning.json.</summary>
public class LinearTests
{
    private static readonly Lazy<JsonElement> s_golden = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "learning.json"))).RootElement);

    public static TheoryData<string> Cases() => [.. s_golden.Value.GetProperty("linear").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_GoldenCase_TheCoefficientsOfScikitLearn(string name)
    {
        JsonElement golden = s_golden.Value.GetProperty("linear").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
        bool regression = golden.GetProperty("data").GetString() == "diabetes";
        TrainingSet set = Set(golden.GetProperty("data").GetString()!);
        int outputs = golden.GetProperty("intercepts").GetArrayLength();
        float[] y = regression || outputs > 1 ? set.Y : set.Y.Select(v => v == 2 ? 1f : 0f).ToArray();
        float[]? weights = golden.GetProperty("weighted").GetBoolean() ? Enumerable.Range(0, set.Rows).Select(i => 0.5f + (i % 3)).ToArray() : null;
        LinearOptions options = new()
        {
            Strength = golden.GetProperty("strength").GetDouble(),
            L1Ratio = golden.GetProperty("ratio").GetDouble(),
            Tolerance = 1e-9,
            MaxIterations = 20_000,
        };

        TrainingSet train = new(set.X, y, weights);
        LinearModel model = regression ? LinearTrainer.FitRegression(train, options) : LinearTrainer.FitClassification(train, outputs == 1 ? 2 : outputs, options);

        for (int k = 0; k < outputs; k++)
        {
            Near(golden.GetProperty("intercepts")[k].GetDouble(), model.Intercepts[k]);
            for (int j = 0; j < set.X.Columns; j++)
            {
                Near(golden.GetProperty("coefficients")[k][j].GetDouble(), model.Coefficients[k][j]);
            }
        }

        // scikit-learn's own solvers stop within about 1e-6 of the optimum.
        static void Near(double expected, double actual) => Assert.Equal(expected, actual, 2e-5 * Math.Max(1, Math.Abs(expected)));
    }

    [Theory]
    [InlineData("breast cancer", 2)]
    [InlineData("diabetes, whole", 0)]
    public void OutOfBagScore_GoldenCase_AsScikitLearnsOnAverage(string data, int classes)
    {
        JsonElement oob = s_golden.Value.GetProperty("oob").GetProperty(classes == 2 ? data : "diabetes");
        ForestResult result = ForestTrainer.Fit(Set(data), new ForestOptions { Classes = classes, Trees = 300, OutOfBag = true, Threads = 2 });

        // Five seeds there span about 0.01; bins and another generator add as much.
        Assert.Equal(oob.GetProperty("mean").GetDouble(), result.OutOfBagScore!.Value, 0.02);
    }

    [Fact]
    public void Fit_SmoothSolversOnTheSameProblem_Agree()
    {
        TrainingSet set = Set("diabetes");
        LinearModel exact = LinearTrainer.FitRegression(set, new LinearOptions { Strength = 0.1 });
        LinearModel proximal = LinearTrainer.FitRegression(set, new LinearOptions { Strength = 0.1, L1Ratio = 1e-12, Tolerance = 1e-9, MaxIterations = 50_000 });
        for (int j = 0; j < set.X.Columns; j++)
        {
            Assert.Equal(exact.Coefficients[0][j], proximal.Coefficients[0][j], 1e-6);
        }
    }

    [Fact]
    public void Fit_RowsTwiceOrWithWeightTwo_SameCoefficients()
    {
        TrainingSet set = Set("diabetes");
        int[] doubled = Enumerable.Range(0, set.Rows).SelectMany(i => i % 4 == 0 ? new[] { i, i } : [i]).ToArray();
        LinearModel byRows = LinearTrainer.FitRegression(new TrainingSet(set.X.Take(doubled), doubled.Select(i => set.Y[i]).ToArray()), new LinearOptions());
        LinearModel byWeights = LinearTrainer.FitRegression(new TrainingSet(set.X, set.Y, Enumerable.Range(0, set.Rows).Select(i => i % 4 == 0 ? 2f : 1f).ToArray()), new LinearOptions());
        for (int j = 0; j < set.X.Columns; j++)
        {
            Assert.Equal(byRows.Coefficients[0][j], byWeights.Coefficients[0][j], 1e-9);
        }
    }

    [Fact]
    public void Fit_ConstantAndMissingColumns_GivesZeroCoefficients()
    {
        float[] x = Enumerable.Range(0, 50).Select(i => (float)i).ToArray();
        TrainingSet set = new(Samples.Matrix(x, new float[50], Enumerable.Repeat(float.NaN, 50).ToArray()), x.Select(v => (2 * v) + 1).ToArray());
        LinearModel model = LinearTrainer.FitRegression(set, new LinearOptions { Strength = 1e-12 });
        Assert.Equal(2, model.Coefficients[0][0], 1e-6);
        Assert.Equal(0, model.Coefficients[0][1], 1e-9);
        Assert.Equal(0, model.Coefficients[0][2], 1e-9);
        Assert.Equal(1, model.Intercepts[0], 1e-4);
    }

    [Fact]
    public void Fit_InfiniteValueOrCategory_SaysWhere()
    {
        ArgumentException infinite = Assert.Throws<ArgumentException>(() =>
            LinearTrainer.FitRegression(new TrainingSet(Samples.Matrix([1f, float.PositiveInfinity]), [0f, 1f]), new LinearOptions()));
        Assert.Contains("Feature 'x0', row 1", infinite.Message, StringComparison.Ordinal);
        ArgumentException categorical = Assert.Throws<ArgumentException>(() => LinearTrainer.FitRegression(Samples.Regression(10, 1), new LinearOptions()));
        Assert.Contains("Encode it first", categorical.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_PerfectlySeparatedClasses_StaysFinite()
    {
        TrainingSet set = new(Samples.Matrix([-2f, -1f, 1f, 2f]), [0f, 0f, 1f, 1f]);
        LinearModel model = LinearTrainer.FitClassification(set, 2, new LinearOptions { Strength = 0 });
        Assert.True(double.IsFinite(model.Coefficients[0][0]));
        Assert.InRange(model.Predict(set.X).Row(3)[1], 0.999f, 1f);
    }

    private static TrainingSet Set(string name)
    {
        JsonElement data = s_golden.Value.GetProperty(name);
        float[][] x = data.GetProperty("x").EnumerateArray().Select(Floats).ToArray();
        return new TrainingSet(Samples.Matrix(x), Floats(data.GetProperty("y")));
    }

    private static float[] Floats(JsonElement array) => array.EnumerateArray().Select(v => (float)v.GetDouble()).ToArray();
}
