using System.Text.Json;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.TestKit;

namespace Mlops.Core.Tests.Evaluation;

/// <summary>Values from scikit-learn; <c>tests/golden/evaluation/evaluation.py</c> wrote them and says the versions.</summary>
internal static class EvaluationGolden
{
    public static JsonElement Root { get; } = JsonDocument.Parse(File.ReadAllBytes(Repository.File("tests", "golden", "evaluation", "evaluation.json"))).RootElement;

    public static double[] Doubles(this JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetDouble())];

    public static int[] Integers(this JsonElement array) => [.. array.EnumerateArray().Select(v => v.GetInt32())];

    public static (LearningTask Task, Column Target, Predictions Predictions) Case(JsonElement golden)
    {
        float[] scores = [.. golden.GetProperty("scores").Doubles().Select(s => (float)s)];
        if (!golden.TryGetProperty("classes", out JsonElement classes))
        {
            return (new LearningTask(TaskKind.Regression, "y", [], ["x"]), new NumericColumn("y", golden.GetProperty("y").Doubles()), new Predictions(scores, 1));
        }

        int count = classes.GetInt32();
        string[] names = [.. Enumerable.Range(0, count).Select(c => $"c{c}")];
        LearningTask task = new(count == 2 ? TaskKind.Binary : TaskKind.MultiClass, "y", names, ["x"]);
        return (task, TextColumn.From("y", golden.GetProperty("y").Integers().Select(c => names[c])), new Predictions(scores, count));
    }
}
