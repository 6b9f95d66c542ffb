using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

public class BoostingTests
{
    private static readonly BoostingOptions s_everything = new()
    {
        Loss = BoostingLoss.Binary,
        Iterations = 12,
        RowFraction = 0.7,
        ColumnFraction = 0.6,
        L1 = 0.1,
        L2 = 1,
        LearningRateDecay = 0.97,
        ClassWeights = [1, 2],
        Seed = 5,
    };

    public static TheoryData<string> Losses() => [.. Enum.GetNames<BoostingLoss>()];

    [Theory]
    [MemberData(nameof(Losses))]
    public void Fit_EachLoss_BeatsTheBestConstant(string loss)
    {
        BoostingLoss kind = Enum.Parse<BoostingLoss>(loss);
        TrainingSet train = ForLoss(kind, 3000, 1);
        TrainingSet test = ForLoss(kind, 1500, 2);
        BoostingOptions options = new() { Loss = kind, Classes = kind == BoostingLoss.MultiClass ? 5 : 0, Quantile = 0.8, Iterations = 80, TrackTrainingLoss = true };

        BoostingResult result = BoostingTrainer.Fit(train, options, test);

        // A rate of almost nothing leaves the constant.
        double constant = BoostingTrainer.Fit(train, options with { Iterations = 1, LearningRate = 1e-9 }, test).History[0].ValidationLoss!.Value;
        double reached = result.History[^1].ValidationLoss!.Value;
        double share = kind switch { BoostingLoss.Poisson or BoostingLoss.Tweedie => 1 - 1e-3, BoostingLoss.Squared => 0.3, _ => 0.85 };
        Assert.True(constant < 0 ? reached < constant * 1.05 : reached < constant * share, $"{reached} against {constant}");
        for (int i = 1; i < result.History.Count && kind != BoostingLoss.Quantile && kind != BoostingLoss.Absolute; i++)
        {
            Assert.True(result.History[i].TrainingLoss <= result.History[i - 1].TrainingLoss + 1e-6, $"iteration {i} raised the training loss");
        }
    }

    [Fact]
    public void Fit_QuantileLoss_CoversTheQuantile()
    {
        TrainingSet train = Samples.Regression(4000, 3);
        TrainingSet test = Samples.Regression(4000, 4);
        foreach (double quantile in new[] { 0.1, 0.5, 0.9 })
        {
            TreeEnsemble model = BoostingTrainer.Fit(train, new BoostingOptions { Loss = BoostingLoss.Quantile, Quantile = quantile, MinLeafRows = 100, Iterations = 60 }).Model;
            Predictions p = model.Predict(test.X);
            double below = Enumerable.Range(0, test.Rows).Average(i => test.Y[i] <= p.Row(i)[0] ? 1.0 : 0);
            Assert.InRange(below, quantile - 0.06, quantile + 0.06);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Fit_AnyThreadCount_SameModel(int threads)
    {
        TrainingSet train = Samples.Binary(40_000, 11);
        BoostingOptions options = s_everything with { Iterations = 5, MaxLeaves = 63 };
        byte[] one = Bytes.Of(BoostingTrainer.Fit(train, options).Model);
        byte[] many = Bytes.Of(BoostingTrainer.Fit(train, options with { Threads = threads }).Model);
        Assert.Equal(one, many);
    }

    [Theory]
    [InlineData(BoostingLoss.Binary)]
    [InlineData(BoostingLoss.MultiClass)]
    [InlineData(BoostingLoss.Quantile)]
    public void Fit_ResumedFromAnyCheckpoint_SameModelAndHistory(BoostingLoss loss)
    {
        TrainingSet train = ForLoss(loss, 1200, 21);
        TrainingSet validation = ForLoss(loss, 400, 22);
        BoostingOptions options = s_everything with
        {
            Loss = loss,
            Classes = loss == BoostingLoss.MultiClass ? 5 : 0,
            ClassWeights = null,
            TrackTrainingLoss = true,
            EarlyStoppingRounds = 4,
        };
        List<byte[]> checkpoints = [];
        BoostingResult whole = BoostingTrainer.Fit(train, options, new BoostingSession
        {
            Validation = validation,
            Checkpoint = c => checkpoints.Add(c.Serialize()),
            CheckpointEvery = 1,
        });

        Assert.NotEmpty(checkpoints);
        foreach (byte[] checkpoint in checkpoints)
        {
            BoostingResult resumed = BoostingTrainer.Fit(train, options with { Threads = 2 }, new BoostingSession
            {
                Validation = validation,
                Resume = _ => BoostingCheckpoint.Deserialize(checkpoint),
            });
            Assert.Equal(Bytes.Of(whole.Model), Bytes.Of(resumed.Model));
            Assert.Equal(whole.History, resumed.History);
        }
    }

    [Fact]
    public void Fit_CheckpointOfOtherData_IsRefused()
    {
        TrainingSet train = Samples.Binary(300, 1);
        BoostingCheckpoint? checkpoint = null;
        BoostingTrainer.Fit(train, s_everything, new BoostingSession { Checkpoint = c => checkpoint = c });
        ArgumentException other = Assert.Throws<ArgumentException>(() =>
            BoostingTrainer.Fit(Samples.Binary(300, 2), s_everything, new BoostingSession { Resume = _ => checkpoint }));
        Assert.Contains("other options or data", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BoostingTrainer.Fit(train, s_everything with { L2 = 2 }, new BoostingSession { Resume = _ => checkpoint }));
    }

    [Fact]
    public void Deserialize_DamagedAtAnyByte_FormatExceptionOrACheckpoint()
    {
        byte[]? bytes = null;
        BoostingTrainer.Fit(Samples.Binary(200, 1), s_everything with { Iterations = 2, MaxLeaves = 4 }, new BoostingSession { Checkpoint = c => bytes = c.Serialize(), CheckpointEvery = 2 });
        for (int length = 0; length < bytes!.Length; length += 3)
        {
            Assert.Throws<FormatException>(() => BoostingCheckpoint.Deserialize(bytes.AsSpan(0, length)));
        }

        Random random = new(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                _ = BoostingCheckpoint.Deserialize(damaged);
            }
            catch (FormatException)
            {
            }
        }
    }

    [Fact]
    public void Fit_CancelledInAnIteration_StopsAndItsCheckpointResumes()
    {
        TrainingSet train = Samples.Binary(2000, 5);
        byte[] whole = Bytes.Of(BoostingTrainer.Fit(train, s_everything).Model);
        using CancellationTokenSource source = new();
        BoostingCheckpoint? last = null;
        Assert.ThrowsAny<OperationCanceledException>(() => BoostingTrainer.Fit(train, s_everything, new BoostingSession
        {
            Progress = new Immediate(p =>
            {
                if (p.Iteration == 6)
                {
                    source.Cancel();
                }
            }),
            Checkpoint = c => last = c,
            CheckpointEvery = 5,
        }, source.Token));
        Assert.Equal(5, last!.History.Count);
        Assert.Equal(whole, Bytes.Of(BoostingTrainer.Fit(train, s_everything, new BoostingSession { Resume = _ => last }).Model));
    }

    [Fact]
    public void Fit_RowsPermutedWithTheirIds_SameModel()
    {
        TrainingSet train = Samples.Binary(5000, 31);
        long[] ids = Enumerable.Range(0, train.Rows).Select(i => (long)i * 7919).ToArray();
        TrainingSet first = new(train.X, train.Y, null, ids);
        int[] order = Enumerable.Range(0, train.Rows).ToArray();
        new Random(9).Shuffle(order);
        TrainingSet second = new(train.X.Take(order), order.Select(i => train.Y[i]).ToArray(), null, order.Select(i => ids[i]).ToArray());
        Assert.Equal(Bytes.Of(BoostingTrainer.Fit(first, s_everything).Model), Bytes.Of(BoostingTrainer.Fit(second, s_everything).Model));
    }

    [Fact]
    public void Fit_ConstantColumnAdded_SamePredictions()
    {
        TrainingSet train = Samples.Regression(2000, 41);
        float[][] columns = Enumerable.Range(0, train.X.Columns).Select(j => train.X.Column(j).ToArray()).Append(Enumerable.Repeat(3f, train.Rows).ToArray()).ToArray();
        FeatureMatrix wider = new(train.Rows, [.. train.X.Features, new FeatureColumn("constant")], columns);
        BoostingOptions options = new() { Iterations = 20 };
        Predictions expected = BoostingTrainer.Fit(train, options).Model.Predict(train.X);
        Predictions actual = BoostingTrainer.Fit(new TrainingSet(wider, train.Y), options).Model.Predict(wider);
        Assert.Equal(expected.Scores.ToArray(), actual.Scores.ToArray());
    }

    [Fact]
    public void Fit_RowsTwiceOrWithWeightTwo_AlmostTheSameFunction()
    {
        TrainingSet once = Samples.Regression(3000, 51);
        int[] doubled = Enumerable.Range(0, once.Rows).Concat(Enumerable.Range(0, once.Rows).Where(i => i % 3 == 0)).ToArray();
        float[] weights = Enumerable.Range(0, once.Rows).Select(i => i % 3 == 0 ? 2f : 1f).ToArray();
        BoostingOptions options = new() { Iterations = 30, MinLeafRows = 1, MinLeafWeight = 20, MaxLeaves = 8 };
        Predictions byRows = BoostingTrainer.Fit(new TrainingSet(once.X.Take(doubled), doubled.Select(i => once.Y[i]).ToArray()), options).Model.Predict(once.X);
        Predictions byWeights = BoostingTrainer.Fit(new TrainingSet(once.X, once.Y, weights), options).Model.Predict(once.X);

        // Bins come from rows, not weights, and rounding is drawn per row: near-ties may fall the other way.
        double difference = Math.Sqrt(Enumerable.Range(0, once.Rows).Average(i => Math.Pow(byRows.Row(i)[0] - byWeights.Row(i)[0], 2)));
        Assert.InRange(difference, 0, 0.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Fit_Monotone_HoldsForTenThousandRandomPairs(int direction)
    {
        TrainingSet train = Samples.Binary(4000, 61);
        TreeEnsemble model = BoostingTrainer.Fit(train, new BoostingOptions { Loss = BoostingLoss.Binary, Iterations = 60, Monotone = [direction, 0, 0, 1, 0, 0] }).Model;
        Assert.Contains(model.Trees, t => t.Feature.Contains(0) || direction < 0);
        Random random = new(3);
        FeatureMatrix x = Samples.Mixed(10_000, 62);
        float[] row = new float[x.Columns];
        double[] low = new double[1];
        double[] high = new double[1];
        for (int i = 0; i < x.Rows; i++)
        {
            int feature = random.Next(2) * 3;
            x.CopyRow(i, row);
            float a = (float)(Samples.Normal(random) * 2);
            float b = (float)(Samples.Normal(random) * 2);
            row[feature] = Math.Min(a, b);
            model.Raw(row, low);
            row[feature] = Math.Max(a, b);
            model.Raw(row, high);
            int sign = feature == 0 ? direction : 1;
            Assert.True(sign * (high[0] - low[0]) >= -1e-12, $"pair {i}: {low[0]} then {high[0]}");
        }
    }

    [Fact]
    public void Fit_RareClass_DoesNotDiverge()
    {
        const int rows = 58_000;
        Random random = new(71);
        FeatureMatrix x = Samples.Mixed(rows, 71);
        float[] y = Enumerable.Range(0, rows).Select(i => i % 5800 == 0 ? 6f : i % 1000 == 1 ? 5f : (float)Math.Clamp((int)Math.Floor(Samples.Signal(x, i) + Samples.Normal(random) + 2), 0, 4)).ToArray();
        BoostingResult result = BoostingTrainer.Fit(
            new TrainingSet(x, y),
            new BoostingOptions { Loss = BoostingLoss.MultiClass, Classes = 7, Iterations = 15, Threads = 2, TrackTrainingLoss = true, RowFraction = 0.9 });
        Assert.True(result.History[^1].TrainingLoss < result.History[0].TrainingLoss);
        Assert.InRange(result.History.Max(h => h.TrainingLoss!.Value), 0, Math.Log(5));
        Assert.InRange(result.History[^1].TrainingLoss!.Value, 0, 1.35);
    }

    [Fact]
    public void Fit_EarlyStopping_KeepsTheBestIteration()
    {
        TrainingSet train = Samples.Binary(300, 81);
        TrainingSet validation = Samples.Binary(300, 82);
        BoostingResult result = BoostingTrainer.Fit(train, new BoostingOptions { Loss = BoostingLoss.Binary, Iterations = 500, LearningRate = 0.3, EarlyStoppingRounds = 7 }, validation);
        Assert.Equal(result.BestIteration + 7, result.History.Count);
        Assert.Equal(result.BestIteration, result.Model.Trees.Count);
        Assert.Equal(result.History.Min(h => h.ValidationLoss), result.History[result.BestIteration - 1].ValidationLoss);
    }

    [Fact]
    public void Fit_ExtremeValues_GivesFinitePredictions()
    {
        float[] odd = [float.NaN, float.NegativeInfinity, float.PositiveInfinity, float.Epsilon, -float.Epsilon, 0f, -0f, float.MaxValue, float.MinValue, 1e-40f];
        float[] column = Enumerable.Range(0, 400).Select(i => odd[i % odd.Length]).ToArray();
        float[] y = column.Select(v => float.IsNaN(v) ? 5f : v > 0 ? 1f : 0f).ToArray();
        FeatureMatrix x = Samples.Matrix(column, Enumerable.Repeat(float.NaN, 400).ToArray(), Enumerable.Repeat(1f, 400).ToArray());
        TreeEnsemble model = BoostingTrainer.Fit(new TrainingSet(x, y), new BoostingOptions { Iterations = 200, MinLeafRows = 1 }).Model;
        Predictions p = model.Predict(x);
        for (int i = 0; i < 400; i++)
        {
            Assert.Equal(y[i], p.Row(i)[0], 1e-2);
        }
    }

    [Fact]
    public void Fit_SingleRow_PredictsIt()
    {
        TreeEnsemble model = BoostingTrainer.Fit(new TrainingSet(Samples.Matrix([1f]), [7f]), new BoostingOptions()).Model;
        Assert.Equal(7f, model.Predict(Samples.Matrix([2f])).Row(0)[0], 1e-5);
    }

    [Fact]
    public void Fit_SingleClass_PredictsIt()
    {
        TreeEnsemble model = BoostingTrainer.Fit(new TrainingSet(Samples.Mixed(100, 1), new float[100]), new BoostingOptions { Loss = BoostingLoss.Binary }).Model;
        Assert.InRange(model.Predict(Samples.Mixed(10, 2)).Row(0)[1], 0, 1e-4);
    }

    [Fact]
    public void Fit_AMillionCategories_KeepsTheFrequentOnes()
    {
        const int rows = 20_000;
        Random random = new(1);
        float[] codes = Enumerable.Range(0, rows).Select(i => i % 2 == 0 ? 999_999f : random.Next(1_000_000)).ToArray();
        FeatureMatrix x = new(rows, [new FeatureColumn("id", 1_000_000)], [codes]);
        float[] y = codes.Select(c => c == 999_999f ? 1f : 0f).ToArray();
        TreeEnsemble model = BoostingTrainer.Fit(new TrainingSet(x, y), new BoostingOptions { Iterations = 100 }).Model;
        Predictions p = model.Predict(x);
        Assert.Equal(1f, p.Row(0)[0], 0.01);
        Assert.Equal(0f, p.Row(1)[0], 0.01);
    }

    [Fact]
    public void Fit_OptionsOutOfRange_NamesThemAll()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BoostingTrainer.Fit(
            Samples.Regression(50, 1), new BoostingOptions { LearningRate = 0, MaxBins = 256, Monotone = [1] }));
        Assert.Contains("LearningRate is 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("MaxBins is 256, expected 2 … 255", error.Message, StringComparison.Ordinal);
        Assert.Contains("Monotone length is 1, expected 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_AnswerThatIsNoClass_NamesTheRow()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BoostingTrainer.Fit(
            new TrainingSet(Samples.Matrix([1f, 2f]), [0f, 2f]), new BoostingOptions { Loss = BoostingLoss.Binary }));
        Assert.Contains("Row 1: the answer is 2; expected a class index 0 … 1.", error.Message, StringComparison.Ordinal);
    }

    private static TrainingSet ForLoss(BoostingLoss loss, int rows, int seed) => loss switch
    {
        BoostingLoss.Binary => Samples.Binary(rows, seed),
        BoostingLoss.MultiClass => Samples.MultiClass(rows, seed, 5),
        BoostingLoss.Poisson or BoostingLoss.Tweedie => Samples.Counts(rows, seed),
        _ => Samples.Regression(rows, seed),
    };

    private sealed class Immediate(Action<BoostingProgress> act) : IProgress<BoostingProgress>
    {
        public void Report(BoostingProgress value) => act(value);
    }
}
