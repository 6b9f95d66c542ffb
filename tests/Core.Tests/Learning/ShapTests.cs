using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Forest;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

public class ShapTests
{
    // With the categorical column ten features: 1,024 subsets.
    private const int Numeric = 9;

    public static TheoryData<string> Models() => ["boosting", "multiclass", "forest", "deep"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Explain_PathDependent_EqualsBruteForceOverAllSubsets(string name)
    {
        TreeEnsemble model = Model(name);
        FeatureMatrix x = Samples.Mixed(8, 77, Numeric);
        ShapValues shap = TreeShap.Explain(model, x);
        float[] row = new float[x.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            double[][] expected = BruteForce(model, set => Conditional(model, row, set));
            AssertEqual(expected, shap, i);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Explain_Interventional_EqualsBruteForceOverAllSubsets(string name)
    {
        TreeEnsemble model = Model(name);
        FeatureMatrix x = Samples.Mixed(5, 78, Numeric);
        FeatureMatrix background = Samples.Mixed(9, 79, Numeric);
        ShapValues shap = TreeShap.Explain(model, x, background);
        float[] row = new float[x.Columns];
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            double[][] expected = BruteForce(model, set =>
            {
                double[] mean = new double[model.Width];
                double[] raw = new double[model.Width];
                float[] mixed = new float[x.Columns];
                for (int b = 0; b < background.Rows; b++)
                {
                    background.CopyRow(b, mixed);
                    for (int j = 0; j < mixed.Length; j++)
                    {
                        mixed[j] = (set >> j & 1) != 0 ? row[j] : mixed[j];
                    }

                    model.Raw(mixed, raw);
                    for (int k = 0; k < raw.Length; k++)
                    {
                        mean[k] += raw[k] / background.Rows;
                    }
                }

                return mean;
            });
            AssertEqual(expected, shap, i);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Explain_EitherKind_AddsUpToTheRawScore(string name)
    {
        TreeEnsemble model = Model(name);
        FeatureMatrix x = Samples.Mixed(300, 80, Numeric);
        FeatureMatrix background = Samples.Mixed(20, 81, Numeric);
        float[] row = new float[x.Columns];
        double[] raw = new double[model.Width];
        foreach (ShapValues shap in new[] { TreeShap.Explain(model, x, 2), TreeShap.Explain(model, x, background, 2) })
        {
            for (int i = 0; i < x.Rows; i++)
            {
                x.CopyRow(i, row);
                model.Raw(row, raw);
                for (int k = 0; k < model.Width; k++)
                {
                    double sum = shap.Base[k];
                    foreach (double value in shap.Row(i, k))
                    {
                        sum += value;
                    }

                    Assert.Equal(raw[k], sum, 1e-6);
                }
            }
        }
    }

    [Theory]
    [InlineData("boosting")]
    [InlineData("multiclass")]
    [InlineData("forest")]
    public void Explain_TreesReadFromOnnx_EqualsTheTrainedOnes(string name)
    {
        TreeEnsemble model = Model(name);
        FeatureMatrix x = Samples.Mixed(40, 82, Numeric);
        DataTable rows = new([.. x.Features.Select((f, j) => (Column)(f.IsCategorical
            ? TextColumn.From(f.Name, x.Column(j).ToArray().Select(v => float.IsNaN(v) ? null : $"c{(int)v}"))
            : new NumericColumn(f.Name, [.. x.Column(j).ToArray().Select(v => (double)v)])))]);
        FeaturePipeline pipeline = new(
            [.. x.Features.Select(f => new FeatureInput(f.Name, f.IsCategorical ? ColumnKind.Text : ColumnKind.Number))],
            [.. x.Features.Select(f => (FeatureEncoder)(f.IsCategorical
                ? new CodeEncoder(f.Name, [.. Enumerable.Range(0, f.Cardinality).Select(c => $"c{c}")], false)
                : new NumberEncoder(f.Name, ColumnKind.Number, Scaling.None)))]);
        LearningTask task = name == "boosting" ? new(TaskKind.Binary, "y", ["a", "b"], [.. x.Features.Select(f => f.Name)]) : new(TaskKind.MultiClass, "y", ["a", "b", "c"], [.. x.Features.Select(f => f.Name)]);
        FittedModel whole = new(task, new CandidateSpec("boosting", new Dictionary<string, double>()), pipeline, new Scorer(model), []);
        FeatureMatrix features = pipeline.Transform(rows);

        TreeEnsemble read = OnnxTreeReader.Read(whole.ToOnnx(new Dictionary<string, string>())).Ensemble;

        // Leaves are single precision in the file.
        ShapValues expected = TreeShap.Explain(model, features);
        FeatureMatrix known = new(features.Rows, read.Features, [.. Enumerable.Range(0, read.Features.Count).Select(j => features.Column(j).ToArray())]);
        ShapValues actual = TreeShap.Explain(read, known);
        for (int i = 0; i < features.Rows; i++)
        {
            for (int k = 0; k < model.Width; k++)
            {
                Assert.All(Enumerable.Range(0, read.Features.Count), j => Assert.Equal(expected.Row(i, k)[j], actual.Row(i, k)[j], 1e-5));
            }
        }
    }

    [Fact]
    public void Explain_LinearModel_AddsUpAndIgnoresMissing()
    {
        FeatureMatrix x = Samples.Mixed(200, 5).Take(Enumerable.Range(0, 200).ToArray());
        FeatureMatrix numeric = new(200, x.Features.Take(5).ToArray(), Enumerable.Range(0, 5).Select(j => x.Column(j).ToArray()).ToArray());
        LinearModel model = LinearTrainer.FitClassification(new TrainingSet(numeric, Samples.MultiClass(200, 5, 3).Y), 3, new LinearOptions());
        ShapValues shap = LinearShap.Explain(model, numeric);
        for (int i = 0; i < 200; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                double raw = model.Intercepts[k] + Enumerable.Range(0, 5).Sum(j => model.Coefficients[k][j] * (float.IsNaN(numeric[i, j]) ? model.Means[j] : numeric[i, j]));
                Assert.Equal(raw, shap.Base[k] + shap.Row(i, k).ToArray().Sum(), 1e-9);
                Assert.True(!float.IsNaN(numeric[i, 1]) || shap.Row(i, k)[1] == 0);
            }
        }
    }

    [Fact]
    public void Rule_AnySize_IntegratesPowersExactly()
    {
        for (int n = 1; n <= 40; n++)
        {
            (double[] nodes, double[] weights) = GaussLegendre.Rule(n);
            for (int power = 0; power < 2 * n; power++)
            {
                double integral = Enumerable.Range(0, n).Sum(q => weights[q] * Math.Pow(nodes[q], power));
                Assert.Equal(1.0 / (power + 1), integral, 1e-14);
            }
        }
    }

    private static TreeEnsemble Model(string name) => name switch
    {
        "boosting" => BoostingTrainer.Fit(Set(1500, 2), new BoostingOptions { Loss = BoostingLoss.Binary, Iterations = 6, MaxLeaves = 15 }).Model,
        "multiclass" => BoostingTrainer.Fit(Set(1500, 3), new BoostingOptions { Loss = BoostingLoss.MultiClass, Classes = 3, Iterations = 2 }).Model,
        "forest" => ForestTrainer.Fit(Set(300, 3), new ForestOptions { Classes = 3, Trees = 3 }).Model,
        _ => ForestTrainer.Fit(Set(800, 0), new ForestOptions { Trees = 2 }).Model,
    };

    /// <summary>Ten features that matter all; classes by how large their sum is, or the sum itself.</summary>
    private static TrainingSet Set(int rows, int classes)
    {
        FeatureMatrix x = Samples.Mixed(rows, 1, Numeric);
        Random random = new(2);
        double Sum(int i) => Samples.Signal(x, i) + Enumerable.Range(3, Numeric - 3).Sum(j => x[i, j] * (j % 2 == 0 ? 0.5 : -0.5)) + (0.3 * Samples.Normal(random));
        return new TrainingSet(x, [.. Enumerable.Range(0, rows).Select(i => (float)(classes == 0 ? Sum(i) : Math.Clamp(Math.Floor((Sum(i) + 2) * classes / 6), 0, classes - 1)))]);
    }

    /// <summary>The raw scores when the features in the set are known and the others follow the cover.</summary>
    private static double[] Conditional(TreeEnsemble model, float[] row, int set)
    {
        double[] raw = [.. model.BaseScores];
        foreach (DecisionTree tree in model.Trees)
        {
            Follow(0, 1);

            void Follow(int node, double share)
            {
                int feature = tree.Feature[node];
                if (feature < 0)
                {
                    for (int k = 0; k < model.Width; k++)
                    {
                        double value = tree.Output >= 0 ? (k == tree.Output ? tree.Values[node] : 0) : tree.Values[(node * model.Width) + k];
                        raw[k] += share * value * model.Scale;
                    }
                }
                else if ((set >> feature & 1) != 0)
                {
                    Follow(tree.GoesLeft(node, row[feature], model.Features) ? tree.Left[node] : tree.Right[node], share);
                }
                else
                {
                    Follow(tree.Left[node], share * tree.Cover[tree.Left[node]] / tree.Cover[node]);
                    Follow(tree.Right[node], share * tree.Cover[tree.Right[node]] / tree.Cover[node]);
                }
            }
        }

        return raw;
    }

    private static double[][] BruteForce(TreeEnsemble model, Func<int, double[]> game)
    {
        int n = model.Features.Count;
        double[][] games = Enumerable.Range(0, 1 << n).Select(game).ToArray();
        double[][] values = Enumerable.Range(0, model.Width).Select(_ => new double[n]).ToArray();
        for (int set = 0; set < games.Length; set++)
        {
            for (int j = 0; j < n; j++)
            {
                if ((set >> j & 1) != 0)
                {
                    continue;
                }

                int size = System.Numerics.BitOperations.PopCount((uint)set);
                double weight = Factorial(size) * Factorial(n - size - 1) / Factorial(n);
                for (int k = 0; k < model.Width; k++)
                {
                    values[k][j] += weight * (games[set | 1 << j][k] - games[set][k]);
                }
            }
        }

        return values;
    }

    private static double Factorial(int n) => n <= 1 ? 1 : n * Factorial(n - 1);

    private static void AssertEqual(double[][] expected, ShapValues actual, int row)
    {
        for (int k = 0; k < expected.Length; k++)
        {
            for (int j = 0; j < expected[k].Length; j++)
            {
                Assert.Equal(expected[k][j], actual.Row(row, k)[j], 1e-9);
            }
        }
    }
}
