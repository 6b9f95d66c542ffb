using System.Diagnostics;
using System.Globalization;
using Mlops.Bench;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Forest;

// Mlops.Bench <boosting|forest|scoring|shap|memory> <train> <test> [threads] [repeats]
// Mlops.Bench csv [rows] [columns] [repeats]
// Mlops.Bench export <train> <test> <file>: an ONNX model of 100 trees of 31 leaves for onnx.mjs, and our own rate on the same rows.
// Mlops.Bench predict: what accuracy.py asks for on standard input.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string what = args[0];
if (what == "csv")
{
    await CsvBench.RunAsync(args);
    return;
}

if (what == "predict")
{
    Accuracy.Serve();
    return;
}

TrainingSet train = DataFile.Read(args[1]);
TrainingSet test = DataFile.Read(args[2]);
if (what == "export")
{
    OnnxExport.Run(train, test, args[3]);
    return;
}

int threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1;
int repeats = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 1;
BoostingOptions boosting = new() { Loss = BoostingLoss.Binary, Threads = threads };
for (int r = 0; r < repeats; r++)
{
    switch (what)
    {
        case "boosting":
            PhaseTimer timer = new(TimeProvider.System);
            BoostingResult boosted = Measured("fit", () => BoostingTrainer.Fit(train, boosting, new BoostingSession { Timer = timer }));
            Console.WriteLine($"  auc={Auc.Of(boosted.Model.Predict(test.X), test.Y):F5}  {string.Join("  ", timer.Elapsed.Select(t => $"{t.Key} {t.Value.TotalSeconds:F3}"))}");
            break;
        case "forest":
            ForestResult forest = Measured("fit", () => ForestTrainer.Fit(train, new ForestOptions { Classes = 2, Threads = threads }));
            Predictions p = Measured("predict", () => forest.Model.Predict(test.X));
            Console.WriteLine($"  auc={Auc.Of(p, test.Y):F5} leaves={forest.Model.Trees.Average(t => t.Leaves):F0}");
            break;
        case "scoring":
            BoostingResult model = BoostingTrainer.Fit(test, boosting);
            FeatureMatrix million = train.X.Take([.. Enumerable.Range(0, 1_000_000).Select(i => i % train.Rows)]);
            for (int i = 0; i < 5; i++)
            {
                double seconds = CpuOf(() => model.Model.Predict(million));
                Console.WriteLine($"scoring 1,000,000 rows: {million.Rows / seconds:F0} rows/s of CPU time, one thread");
            }

            break;
        case "shap":
            BoostingResult explained = BoostingTrainer.Fit(test, boosting);
            FeatureMatrix rows = test.X.Take(Enumerable.Range(0, 10_000).ToArray());
            for (int i = 0; i < 3; i++)
            {
                _ = Measured("TreeSHAP of 10,000 rows", () => TreeShap.Explain(explained.Model, rows, threads));
            }

            break;
        case "memory":
            // On few rows until the compiler has settled, so that neither compiled code nor the compiler counts; then everything unused goes back.
            bool strict = args.Contains("strict");
            int[] few = Enumerable.Range(0, 9000).ToArray();
            TrainingSet small = new(train.X.Take(few), few.Select(i => train.Y[i]).ToArray());
            for (int i = 0; i < 10; i++)
            {
                _ = BoostingTrainer.Fit(small, boosting);
                Thread.Sleep(200);
            }

            GC.Collect(GC.MaxGeneration, strict ? GCCollectionMode.Aggressive : GCCollectionMode.Forced);
            File.WriteAllText("/proc/self/clear_refs", "5"); // The peak so far is forgotten.
            long before = Process.GetCurrentProcess().WorkingSet64;
            long allocated = GC.GetTotalAllocatedBytes(true);
            _ = BoostingTrainer.Fit(train, boosting);
            long peak = Process.GetCurrentProcess().PeakWorkingSet64 - before;
            allocated = GC.GetTotalAllocatedBytes(true) - allocated;
            Console.WriteLine($"memory threads={threads} peak above the loaded data {peak / 1e6:F1} MB, {peak / (double)train.Rows / train.X.Columns:F2} bytes per cell; {allocated / 1e6:F1} MB allocated");
            break;
        default:
            throw new ArgumentException($"'{what}' is none of boosting, forest, scoring, shap, memory, csv, export, predict.");
    }
}

T Measured<T>(string name, Func<T> body)
{
    Stopwatch watch = Stopwatch.StartNew();
    TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
    T result = body();
    Console.WriteLine($"{what} threads={threads} {name}={watch.Elapsed.TotalSeconds:F3}s cpu={(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:F3}s");
    return result;
}

static double CpuOf(Func<object> body)
{
    TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
    _ = body();
    return (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
}
