using Mlops.Core.Data;
using Mlops.Core.Features;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Trees;
using Xunit;

namespace Mlops.Core.Tests.Learning;

public class OnnxTreeReaderTests
{
    [Theory]
    [InlineData(0, 1, Link.Identity, false, 20)]
    [InlineData(1, 1, Link.Identity, true, 20)]
    [InlineData(2, 3, Link.Identity, true, 20)]
    [InlineData(3, 3, Link.Softmax, false, 20)]
    [InlineData(4, 1, Link.Identity, false, 400)]
    public void Read_OwnExport_GivesTheSameRawScores(int seed, int width, Link link, bool average, int trees)
    {
        Random random = new(seed);
        int[] cardinalities = [0, 3, 0, 33, 251, 64];
        (FeaturePipeline pipeline, DataTable rows) = TreeExportTests.Pipeline(random, cardinalities, 300);
        TreeEnsemble ensemble = new()
        {
            Features = pipeline.Outputs(),
            Trees = [.. Enumerable.Range(0, trees).Select(t => TreeExportTests.Tree(random, cardinalities, 5, average && width > 1 ? -1 : t % width, width))],
            BaseScores = [.. Enumerable.Range(0, width).Select(k => k - 0.5)],
            Link = link,
            Average = average,
        };
        LearningTask task = width == 1
            ? new LearningTask(TaskKind.Regression, "y", [], [.. pipeline.Inputs.Select(i => i.Name)])
            : new LearningTask(TaskKind.MultiClass, "y", ["a", "b", "c"], [.. pipeline.Inputs.Select(i => i.Name)]);
        FittedModel model = new(task, new CandidateSpec("boosting", new Dictionary<string, double>()), pipeline, new Scorer(ensemble), []);

        OnnxTrees read = OnnxTreeReader.Read(model.ToOnnx(new Dictionary<string, string>()));

        Assert.True(read.HasCover);
        Assert.False(read.IsInput);
        Assert.Equal(average, read.Ensemble.Average);
        Assert.Equal([.. cardinalities.Select(c => c > 0)], read.Ensemble.Features.Select(f => f.IsCategorical));
        FeatureMatrix x = pipeline.Transform(rows);
        float[] row = new float[x.Columns];
        double[] expected = new double[width];
        double[] actual = new double[width];
        for (int i = 0; i < x.Rows; i++)
        {
            x.CopyRow(i, row);
            ensemble.Raw(row, expected);
            read.Ensemble.Raw(row.AsSpan(0, read.Ensemble.Features.Count), actual);
            Assert.All(Enumerable.Range(0, width), k => Assert.Equal(expected[k], actual[k], 1e-6));
        }
    }

    [Theory]
    [InlineData("BRANCH_LEQ")]
    [InlineData("BRANCH_LT")]
    [InlineData("BRANCH_GT")]
    [InlineData("BRANCH_GTE")]
    [InlineData("BRANCH_EQ")]
    public void Read_EveryMode_AgreesWithTheRuntime(string mode)
    {
        // The other node compares by ≤, so that equality is one with a number, not with a category.
        foreach (bool missingTrue in new[] { false, true })
        {
            OnnxGraph graph = new([("x", OnnxType.Float)]);
            string sums = graph.MlNode(
                "TreeEnsembleRegressor",
                ["x"],
                OnnxGraph.Attribute("n_targets", 1),
                OnnxGraph.Attribute("nodes_treeids", [0L, 0, 0, 0, 0]),
                OnnxGraph.Attribute("nodes_nodeids", [0L, 1, 2, 3, 4]),
                OnnxGraph.Attribute("nodes_featureids", [0L, 0, 0, 0, 0]),
                OnnxGraph.Attribute("nodes_modes", [mode, "LEAF", "BRANCH_LEQ", "LEAF", "LEAF"]),
                OnnxGraph.Attribute("nodes_values", [0.3f, 0, 0.7f, 0, 0]),
                OnnxGraph.Attribute("nodes_truenodeids", [1L, 0, 3, 0, 0]),
                OnnxGraph.Attribute("nodes_falsenodeids", [2L, 0, 4, 0, 0]),
                OnnxGraph.Attribute("nodes_missing_value_tracks_true", [missingTrue ? 1L : 0, 0, 0, 0, 0]),
                OnnxGraph.Attribute("target_treeids", [0L, 0, 0]),
                OnnxGraph.Attribute("target_nodeids", [1L, 3, 4]),
                OnnxGraph.Attribute("target_ids", [0L, 0, 0]),
                OnnxGraph.Attribute("target_weights", [1f, 2, 3]),
                OnnxGraph.Attribute("base_values", [10f]));
            graph.Output(sums, "prediction", OnnxType.Float, 1);
            byte[] bytes = graph.ToBytes([]);
            FeaturePipeline pipeline = new([new FeatureInput("x", ColumnKind.Number)], []);
            FittedModel shape = new(new LearningTask(TaskKind.Regression, "y", [], ["x"]), new CandidateSpec("boosting", new Dictionary<string, double>()), pipeline, new Scorer(new TreeEnsemble { Features = [], Trees = [], BaseScores = [0], Link = Link.Identity }), []);
            DataTable rows = new([new NumericColumn("x", [0, 0.3f, MathF.BitIncrement(0.3f), MathF.BitDecrement(0.3f), 0.7f, 1, double.NaN, double.PositiveInfinity, double.NegativeInfinity])]);

            OnnxTrees read = OnnxTreeReader.Read(bytes);
            using OnnxModel onnx = new(bytes);
            float[] expected = onnx.Predict(shape, rows).Scores.ToArray();

            Assert.True(read.IsInput);
            double[] raw = new double[1];
            for (int i = 0; i < expected.Length; i++)
            {
                read.Ensemble.Raw([(float)((NumericColumn)rows["x"]).Values[i]], raw);
                Assert.Equal(expected[i], raw[0], 1e-6);
            }
        }
    }

    // A few bytes in the file once were as many sets in memory as they named, each time anew.
    [Theory]
    [InlineData(10, 100, 2, true)]
    [InlineData(10, 100, 50, false)]
    [InlineData(50_000, 1, 100, false)]
    public void Read_TableNamedManyTimes_IsReadAsSetsWithinTheBoundOfOwnFilesOnly(int rows, int columns, int times, bool sets)
    {
        OnnxGraph graph = new([("x", OnnxType.Float)]);
        string code = graph.Cast(graph.Node("Gather", ["x", graph.Scalar(0L)], OnnxGraph.Attribute("axis", 1)), OnnxType.Int64);
        string block = graph.Node("Gather", [graph.Constant(new float[rows * columns], rows, columns), code], OnnxGraph.Attribute("axis", 0));
        string sums = OnnxStump.Add(graph, graph.Concat([.. Enumerable.Repeat(block, times), "x"]));
        graph.Output(sums, "prediction", OnnxType.Float, 1);

        OnnxTrees read = OnnxTreeReader.Read(graph.ToBytes([]));

        Assert.Equal((sets, sets), (read.FeatureTensor == "x", read.Ensemble.Features[0].IsCategorical));
    }

    [Fact]
    public void Read_RandomBytesAndCutFiles_ThrowsFormatException()
    {
        (DataTable train, _, LearningTask task) = RandomTables.Make(1, TaskKind.Regression, 60);
        byte[] whole = Trainer.Fit(train, task, new CandidateSpec("boosting", new Dictionary<string, double> { ["iterations"] = 3, ["minLeafRows"] = 5 }), 1, null, TestContext.Current.CancellationToken).ToOnnx(new Dictionary<string, string>());
        Random random = new(1);
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = whole[..random.Next(whole.Length)];
            for (int b = 0; b < 3 && bytes.Length > 0; b++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                OnnxTreeReader.Read(bytes);
            }
            catch (FormatException)
            {
                // The only error that may come of a damaged file.
            }
        }

        Assert.Throws<FormatException>(() => OnnxTreeReader.Read([]));
    }

    [Fact]
    public void Read_CircularTree_ThrowsInsteadOfRunningForever()
    {
        OnnxGraph graph = new([("x", OnnxType.Float)]);
        graph.Output(
            graph.MlNode(
                "TreeEnsembleRegressor",
                ["x"],
                OnnxGraph.Attribute("nodes_treeids", [0L, 0]),
                OnnxGraph.Attribute("nodes_nodeids", [0L, 1]),
                OnnxGraph.Attribute("nodes_featureids", [0L, 0]),
                OnnxGraph.Attribute("nodes_modes", ["BRANCH_LEQ", "BRANCH_LEQ"]),
                OnnxGraph.Attribute("nodes_values", [0f, 1]),
                OnnxGraph.Attribute("nodes_truenodeids", [1L, 0]),
                OnnxGraph.Attribute("nodes_falsenodeids", [1L, 0])),
            "prediction", OnnxType.Float, 1);

        Assert.Contains("circular", Assert.Throws<FormatException>(() => OnnxTreeReader.Read(graph.ToBytes([]))).Message, StringComparison.Ordinal);
    }
}
