using System.Diagnostics;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Bench;

/// <summary>Writes a whole pipeline for <c>onnx.mjs</c>.</summary>
internal static class OnnxExport
{
    public static void Run(TrainingSet train, TrainingSet test, string path)
    {
        string[] labels = ["0", "1"];
        LearningTask task = new(TaskKind.Binary, "y", labels, [.. train.X.Features.Select(f => f.Name)]);
        CandidateSpec spec = new("boosting", new Dictionary<string, double> { ["iterations"] = 100, ["earlyStoppingRounds"] = 0 });
        FittedModel model = Trainer.Fit(DataFile.Table(train, labels), task, spec, 1);
        byte[] onnx = model.ToOnnx(new Dictionary<string, string>());
        File.WriteAllBytes(path, onnx);
        Console.WriteLine($"export: {onnx.Length / 1e3:F0} kB, {model.Scorer.Trees!.Trees.Sum(t => t.Leaves)} leaves");
        DataTable rows = DataFile.Table(test, labels);
        for (int i = 0; i < 4; i++)
        {
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            _ = model.Predict(rows);
            Console.WriteLine($"ours, features and trees: {rows.RowCount / (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:F0} rows/s of CPU time, one thread");
        }
    }
}
