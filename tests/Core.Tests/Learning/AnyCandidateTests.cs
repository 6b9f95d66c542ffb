using Mlops.Core.Data;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>Candidates with settings drawn from all that is allowed, ends of the ranges included.</summary>
public class AnyCandidateTests
{
    private static readonly string[] Trainers = ["linear", "boosting", "forest", "extraTrees", "boosting"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 25)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Fit_AnyAllowedSettings_IsFiniteTheSameForAnyThreadsAndAgreesWithOnnx(int seed)
    {
        Random random = new(seed);
        TaskKind kind = (TaskKind)random.Next(3);
        CandidateSpec spec = Draw(Trainers[seed % Trainers.Length], random);
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(seed, kind, 120 + random.Next(300));
        Assert.Empty(Candidates.Check(spec, task));

        FittedModel model = Trainer.Fit(train, task, spec, 3, null, TestContext.Current.CancellationToken, 1);

        Assert.Equal(model.ToJson(), Trainer.Fit(train, task, spec, 3, null, TestContext.Current.CancellationToken, 3).ToJson());
        Assert.Equal(model.ToJson(), FittedModel.FromJson(model.ToJson()).ToJson());
        Assert.All(model.Predict(test).Scores.ToArray(), score => Assert.True(float.IsFinite(score)));
        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));
        OnnxAgreementTests.AssertAgree(model, onnx, train);
        OnnxAgreementTests.AssertAgree(model, onnx, test);
    }

    /// <summary>A third of the settings, small values and both ends more often than others.</summary>
    private static CandidateSpec Draw(string trainer, Random random)
    {
        Dictionary<string, double> parameters = [];
        foreach (TrainerParameter p in Candidates.Parameters(trainer).Where(_ => random.Next(3) == 0))
        {
            // What only takes longer, and losses that refuse negative answers.
            double maximum = p.Name switch { "iterations" => 30, "trees" => 8, "maxIterations" => 200, "textBuckets" => 64, "loss" => 2, _ => p.Maximum };
            double share = random.Next(5) switch { 0 => 0, 1 => 1, _ => Math.Pow(random.NextDouble(), 3) };
            double value = p.Minimum + (share * (maximum - p.Minimum));
            parameters[p.Name] = p.Whole ? Math.Round(value) : value;
        }

        return new CandidateSpec(trainer, parameters);
    }
}
