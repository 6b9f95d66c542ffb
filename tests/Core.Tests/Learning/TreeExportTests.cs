using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Trees;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>Random trees, not trained ones: every kind of node, set and default direction occurs.</summary>
public class TreeExportTests
{
    [Theory]
    [InlineData(0, 1, Link.Identity, false)]
    [InlineData(1, 1, Link.Sigmoid, false)]
    [InlineData(2, 3, Link.Softmax, false)]
    [InlineData(3, 1, Link.Exp, false)]
    [InlineData(4, 1, Link.Probability, true)]
    [InlineData(5, 120, Link.Softmax, false)]
    [InlineData(6, 4, Link.Identity, true)]
    [InlineData(7, 1, Link.Identity, false, 33)]
    [InlineData(8, 1, Link.Identity, false, 70)]
    [InlineData(9, 1, Link.Identity, false, 40, 20)]
    public void ToOnnx_RandomTrees_AgreeWithEnsembleOnEveryRow(int seed, int width, Link link, bool average, params int[] only) => AssertAgree(seed, width, link, average, 40, only);

    // More sets than columns of membership: the others are chains of comparisons.
    [Theory]
    [InlineData(10, 33)]
    [InlineData(11, 70)]
    [InlineData(12, 40, 20)]
    [InlineData(13, 0, 251, 64)]
    public void ToOnnx_MoreSetsThanColumns_AgreeWithEnsembleOnEveryRow(int seed, params int[] only) => AssertAgree(seed, 1, Link.Identity, false, 400, only);

    private static void AssertAgree(int seed, int width, Link link, bool average, int count, int[] only)
    {
        // Few categorical columns: sets of one column follow each other on a path, which some runtimes merge.
        Random random = new(seed);
        int[] cardinalities = only.Length > 0 ? only : [0, 3, 0, 33, 251, 64];
        (FeaturePipeline pipeline, DataTable rows) = Pipeline(random, cardinalities, 400);
        DecisionTree[] trees = [.. Enumerable.Range(0, count).Select(t => Tree(random, cardinalities, t == 7 ? 0 : 5, link == Link.Identity && average ? -1 : t % width, width))];
        TreeEnsemble ensemble = new()
        {
            Features = pipeline.Outputs(),
            Trees = trees,
            BaseScores = [.. Enumerable.Range(0, width).Select(_ => random.NextDouble() - 0.5)],
            Link = link,
            Average = average,
        };
        int outputs = ensemble.Outputs;
        LearningTask task = outputs == 1
            ? new LearningTask(TaskKind.Regression, "y", [], [.. pipeline.Inputs.Select(i => i.Name)])
            : new LearningTask(outputs == 2 ? TaskKind.Binary : TaskKind.MultiClass, "y", [.. Enumerable.Range(0, outputs).Select(c => $"c{c}")], [.. pipeline.Inputs.Select(i => i.Name)]);
        FittedModel model = new(task, new CandidateSpec("boosting", new Dictionary<string, double>()), pipeline, new Scorer(ensemble), []);

        Assert.Equal(count > 100, MembershipColumns.Of(ensemble).Count == MembershipColumns.MaxColumns);
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

        OnnxAgreementTests.AssertAgree(model, onnx, rows);
    }

    [Fact]
    public void MembershipColumns_ThousandsOfCategories_KeepTheTablesSmall()
    {
        int[] cardinalities = [5000, 0];
        Random random = new(20);
        TreeEnsemble ensemble = new()
        {
            Features = Pipeline(random, cardinalities, 1).Pipeline.Outputs(),
            Trees = [.. Enumerable.Range(0, 100).Select(_ => Tree(random, cardinalities, 5, 0, 1))],
            BaseScores = [0],
            Link = Link.Identity,
        };

        Assert.Equal(MembershipColumns.MaxCells / 5001, MembershipColumns.Of(ensemble).Count);
    }

    [Fact]
    public void ToOnnx_ThresholdEqualToValue_TakesTheSameBranch()
    {
        // 0.1 as float lies above 0.1 as double: a threshold kept in double precision would send it right.
        float threshold = 0.1f;
        DecisionTree tree = new()
        {
            Feature = [0, -1, -1],
            Threshold = [threshold, 0, 0],
            MissingLeft = [false, false, false],
            Left = [1, -1, -1],
            Right = [2, -1, -1],
            LeftCodes = [null, null, null],
            Values = [0, 1, 2],
            Cover = [3, 1, 2],
            Gain = [1, 0, 0],
        };
        FeaturePipeline pipeline = new([new FeatureInput("x", ColumnKind.Number)], [new NumberEncoder("x", ColumnKind.Number, Scaling.None)]);
        TreeEnsemble ensemble = new() { Features = pipeline.Outputs(), Trees = [tree], BaseScores = [0], Link = Link.Identity };
        FittedModel model = new(new LearningTask(TaskKind.Regression, "y", [], ["x"]), new CandidateSpec("boosting", new Dictionary<string, double>()), pipeline, new Scorer(ensemble), []);
        DataTable rows = new([new NumericColumn("x", [0.1, threshold, MathF.BitIncrement(threshold), MathF.BitDecrement(threshold), double.NaN, double.PositiveInfinity, double.NegativeInfinity])]);

        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

        Assert.Equal([1f, 1, 2, 1, 2, 2, 1], onnx.Predict(model, rows).Scores.ToArray());
        Assert.Equal([1f, 1, 2, 1, 2, 2, 1], model.Predict(rows).Scores.ToArray());
    }

    internal static (FeaturePipeline Pipeline, DataTable Rows) Pipeline(Random random, int[] cardinalities, int rows)
    {
        List<FeatureInput> inputs = [];
        List<FeatureEncoder> encoders = [];
        List<Column> columns = [];
        for (int j = 0; j < cardinalities.Length; j++)
        {
            string name = $"x{j}";
            if (cardinalities[j] == 0)
            {
                inputs.Add(new FeatureInput(name, ColumnKind.Number));
                encoders.Add(new NumberEncoder(name, ColumnKind.Number, Scaling.None));
                columns.Add(new NumericColumn(name, [.. Enumerable.Range(0, rows).Select(_ => random.Next(5) == 0 ? double.NaN : random.Next(10) / 10.0)]));
            }
            else
            {
                bool others = j % 2 == 0;
                int named = cardinalities[j] - (others ? 1 : 0);
                inputs.Add(new FeatureInput(name, ColumnKind.Text));
                encoders.Add(new CodeEncoder(name, [.. Enumerable.Range(0, named).Select(c => $"c{c}")], others));
                columns.Add(TextColumn.From(name, Enumerable.Range(0, rows).Select(_ => random.Next(6) == 0 ? null : random.Next(12) == 0 ? "unseen" : $"c{random.Next(named)}")));
            }
        }

        return (new FeaturePipeline(inputs, encoders), new DataTable(columns));
    }

    internal static DecisionTree Tree(Random random, int[] cardinalities, int depth, int output, int width)
    {
        List<(int Feature, float Threshold, bool MissingLeft, int Left, int Right, int[]? Codes)> nodes = [];
        void Grow(int level)
        {
            int node = nodes.Count;
            nodes.Add(default);
            if (level == 0 || (level < depth && random.Next(8) == 0))
            {
                nodes[node] = (-1, 0, false, -1, -1, null);
                return;
            }

            int feature = random.Next(cardinalities.Length);
            int cardinality = cardinalities[feature];
            double share = random.NextDouble();
            int[]? codes = cardinality == 0 ? null : [.. Enumerable.Range(0, cardinality).Where(c => c == 1 || random.NextDouble() < share)];
            int left = nodes.Count;
            Grow(level - 1);
            int right = nodes.Count;
            Grow(level - 1);
            nodes[node] = (feature, cardinality == 0 ? random.Next(10) / 10f : 0, random.Next(2) == 0, left, right, codes);
        }

        Grow(depth);
        int values = output < 0 ? width : 1;
        return new DecisionTree
        {
            Feature = [.. nodes.Select(n => n.Feature)],
            Threshold = [.. nodes.Select(n => n.Threshold)],
            MissingLeft = [.. nodes.Select(n => n.MissingLeft)],
            Left = [.. nodes.Select(n => n.Left)],
            Right = [.. nodes.Select(n => n.Right)],
            LeftCodes = [.. nodes.Select(n => n.Codes)],
            Values = [.. Enumerable.Range(0, nodes.Count * values).Select(_ => (float)(random.NextDouble() - 0.5))],
            Cover = [.. nodes.Select(_ => 1f)],
            Gain = [.. nodes.Select(_ => 0f)],
            Output = output,
        };
    }
}
