using Mlops.Core.Learning;
using Mlops.Core.Learning.Forest;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

public class ForestTests
{
    [Theory]
    [InlineData(2, true, false)]
    [InlineData(4, true, false)]
    [InlineData(0, true, false)]
    [InlineData(2, false, true)]
    [InlineData(4, false, true)]
    [InlineData(0, false, true)]
    public void Fit_AnyThreadCount_SameModelThatLearns(int classes, bool bootstrap, bool randomCuts)
    {
        TrainingSet train = For(classes, 1500, 1);
        TrainingSet test = For(classes, 1500, 2);
        ForestOptions options = new() { Classes = classes, Trees = 40, Bootstrap = bootstrap, RandomCuts = randomCuts, OutOfBag = bootstrap };
        ForestResult one = ForestTrainer.Fit(train, options);
        ForestResult many = ForestTrainer.Fit(train, options with { Threads = 4 });
        Assert.Equal(Bytes.Of(one.Model), Bytes.Of(many.Model));
        double score = Score(one.Model.Predict(test.X), test, classes);
        Assert.InRange(score, classes switch { 2 => 0.66, 4 => 0.70, _ => 0.75 }, 1);
        if (bootstrap)
        {
            // The out-of-bag score estimates that of new rows.
            Assert.Equal(score, one.OutOfBagScore!.Value, 0.06);
            Assert.Equal(one.OutOfBagScore, many.OutOfBagScore);
        }
    }

    [Fact]
    public void Fit_FullDepthWithoutBootstrap_RemembersEveryRow()
    {
        TrainingSet train = Samples.Regression(400, 3);
        TreeEnsemble model = ForestTrainer.Fit(train, new ForestOptions { Trees = 1, Bootstrap = false }).Model;
        Predictions p = model.Predict(train.X);
        for (int i = 0; i < train.Rows; i++)
        {
            Assert.Equal(train.Y[i], p.Row(i)[0], 1e-4);
        }
    }

    [Fact]
    public void Fit_MinLeafRows_Holds()
    {
        TreeEnsemble model = ForestTrainer.Fit(Samples.Binary(1000, 3), new ForestOptions { Classes = 2, Trees = 10, MinLeafRows = 15 }).Model;
        Assert.All(model.Trees, tree => Assert.All(Enumerable.Range(0, tree.Nodes).Where(n => tree.Feature[n] < 0), n => Assert.True(tree.Cover[n] >= 15)));
    }

    [Fact]
    public void Fit_RowsTwiceOrWithWeightTwo_SameTreeWithoutBootstrap()
    {
        TrainingSet once = Samples.Binary(500, 7);
        int[] doubled = Enumerable.Range(0, 500).SelectMany(i => i % 4 == 0 ? new[] { i, i } : [i]).ToArray();
        ForestOptions options = new() { Classes = 2, Trees = 3, Bootstrap = false };
        TreeEnsemble byRows = ForestTrainer.Fit(new TrainingSet(once.X.Take(doubled), doubled.Select(i => once.Y[i]).ToArray()), options).Model;
        TreeEnsemble byWeights = ForestTrainer.Fit(new TrainingSet(once.X, once.Y, Enumerable.Range(0, 500).Select(i => i % 4 == 0 ? 2f : 1f).ToArray()), options).Model;
        Assert.Equal(byRows.Predict(once.X).Scores.ToArray(), byWeights.Predict(once.X).Scores.ToArray());
    }

    [Fact]
    public void Fit_SingleRowOrClass_PredictsIt()
    {
        Assert.Equal(3f, ForestTrainer.Fit(new TrainingSet(Samples.Matrix([1f]), [3f]), new ForestOptions { Trees = 2 }).Model.Predict(Samples.Matrix([9f])).Row(0)[0]);
        TreeEnsemble model = ForestTrainer.Fit(new TrainingSet(Samples.Mixed(30, 1), new float[30]), new ForestOptions { Classes = 3, Trees = 2 }).Model;
        Assert.Equal([1f, 0f, 0f], model.Predict(Samples.Mixed(1, 2)).Row(0).ToArray());
    }

    [Fact]
    public void IsolationForest_RowsFarOut_ScoreHighest()
    {
        FeatureMatrix x = Samples.Mixed(1000, 4);
        float[][] columns = Enumerable.Range(0, x.Columns).Select(j => x.Column(j).ToArray()).ToArray();
        int[] odd = [10, 500, 900];
        foreach (int row in odd)
        {
            columns[0][row] = 9;
            columns[2][row] = -11;
        }

        TreeEnsemble model = IsolationForest.Fit(new FeatureMatrix(1000, x.Features, columns), new IsolationForestOptions());
        float[] scores = model.Predict(new FeatureMatrix(1000, x.Features, columns)).Scores.ToArray();
        Assert.Equal(odd, Enumerable.Range(0, 1000).OrderByDescending(i => scores[i]).Take(3).Order());
        Assert.All(scores, s => Assert.InRange(s, 0.2f, 0.95f));
        Assert.InRange(scores.Average(), 0.4, 0.55);
        Assert.Equal(
            Bytes.Of(model),
            Bytes.Of(IsolationForest.Fit(new FeatureMatrix(1000, x.Features, columns), new IsolationForestOptions { Threads = 3 })));
    }

    private static TrainingSet For(int classes, int rows, int seed) => classes switch
    {
        0 => Samples.Regression(rows, seed),
        2 => Samples.Binary(rows, seed),
        _ => Samples.MultiClass(rows, seed, classes),
    };

    private static double Score(Predictions p, TrainingSet set, int classes)
    {
        if (classes > 0)
        {
            return Enumerable.Range(0, set.Rows).Average(i => p.Best(i) == (int)set.Y[i] ? 1.0 : 0);
        }

        double mean = set.Y.Average();
        return 1 - (Enumerable.Range(0, set.Rows).Sum(i => Math.Pow(set.Y[i] - p.Row(i)[0], 2)) / set.Y.Sum(y => Math.Pow(y - mean, 2)));
    }
}
