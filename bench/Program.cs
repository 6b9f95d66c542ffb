using System.Diagnostics;
using System.Globalization;
using Mlops.Bench;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Explanation;
using Mlops.Core.Learning.Forest;

// Mlops.Bench <boosting|forest|scoring|shap|memory> <train> <test> [threads] [repeats]
// Mlops.Bench csv [rows] [columns] [repeats]
// Mlops.Bench predict <train> <test> <classes, 0 for regression> <out>: default settings, writes the scores for accuracy.py.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string what = args[0];
if (what == "csv")
{
    await CsvBench.RunAsync(args);
    return;
}

TrainingSet train = DataFile.Read(args[1]);
TrainingSet test = DataFile.Read(args[2]);
if (what == "predict")
{
    Accuracy.WritePredictions(train, test, int.Parse(args[3], CultureInfo.InvariantCulture), args[4]);
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
            for (int i = 0; i < 5; i++)
            {
                double seconds = CpuOf(() => model.Model.Predict(train.X));
                Console.WriteLine($"scoring {train.Rows / seconds:F0} rows/s of CPU time, one thread");
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
            // Once on few rows, so that compiled code does not count.
            int[] few = Enumerable.Range(0, 2000).ToArray();
            _ = BoostingTrainer.Fit(new TrainingSet(train.X.Take(few), few.Select(i => train.Y[i]).ToArray()), boosting);
            GC.Collect();
            long before = Process.GetCurrentProcess().WorkingSet64;
            _ = BoostingTrainer.Fit(train, boosting);
            long peak = Process.GetCurrentProcess().PeakWorkingSet64 - before;
            Console.WriteLine($"memory threads={threads} peak above the loaded data {peak / 1e6:F1} MB, {peak / (double)train.Rows / train.X.Columns:F2} bytes per cell");
            break;
        default:
            throw new ArgumentException($"'{what}' is none of boosting, forest, scoring, shap, memory, predict.");
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
