using Mlops.Core.Data;
using Mlops.Core.Learning;
using Xunit;

namespace Mlops.Core.Tests.Learning;

/// <summary>The exported graph in the real ONNX Runtime against the model in C#, on rows with missing values, unseen categories and absurd numbers.</summary>
public class OnnxAgreementTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, TaskKind, int> Cases()
    {
        TheoryData<string, TaskKind, int> cases = [];
        foreach (string trainer in RandomTables.Trainers)
        {
            foreach (TaskKind kind in new[] { TaskKind.Binary, TaskKind.MultiClass, TaskKind.Regression })
            {
                for (int seed = 0; seed < (trainer == "baseline" ? 2 : 5); seed++)
                {
                    cases.Add(trainer, kind, seed);
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void ToOnnx_RandomTable_AgreesWithModelOnEveryRow(string trainer, TaskKind kind, int seed)
    {
        (DataTable train, DataTable test, LearningTask task) = RandomTables.Make(seed, kind);
        FittedModel model = Trainer.Fit(train, task, new CandidateSpec(trainer, trainer is "forest" or "extraTrees" ? new() { ["trees"] = 30 } : new Dictionary<string, double>()), (ulong)seed, null, TestContext.Current.CancellationToken);

        using OnnxModel onnx = new(model.ToOnnx(new Dictionary<string, string>()));

        AssertAgree(model, onnx, train);
        AssertAgree(model, onnx, test);
        AssertAgree(model, onnx, test.Take([3]));
    }

    internal static void AssertAgree(FittedModel model, OnnxModel onnx, DataTable rows)
    {
        Predictions expected = model.Predict(rows);
        (string[]? labels, Predictions actual) = onnx.Run(model, rows);
        for (int i = 0; i < rows.RowCount; i++)
        {
            for (int k = 0; k < expected.Width; k++)
            {
                double bound = Tolerance * Math.Max(1, Math.Abs(expected.Row(i)[k]));
                Assert.True(Math.Abs(expected.Row(i)[k] - actual.Row(i)[k]) <= bound, $"row {i}, score {k}: {expected.Row(i)[k]:R} in C#, {actual.Row(i)[k]:R} in ONNX Runtime");
            }

            if (labels is not null)
            {
                Assert.Equal(model.Task.Classes[actual.Best(i)], labels[i]);
            }
        }
    }
}
