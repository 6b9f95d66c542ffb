using System.Diagnostics;
using System.Globalization;
using Mlops.Bench;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;
using Mlops.Core.Learning.Forest;

// Mlops.Bench boosting <train> <test> [threads] [repeats]
// Mlops.Bench csv [rows] [columns] [repeats]
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string what = args[0];
if (what == "csv")
{
    await CsvBench.RunAsync(args);
    return;
}

TrainingSet train = DataFile.Read(args[1]);
TrainingSet test = DataFile.Read(args[2]);
int threads = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 1;
int repeats = args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 1;
switch (what)
{
    case "boosting":
        for (int r = 0; r < repeats; r++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            PhaseTimer timer = new(TimeProvider.System);
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            BoostingResult result = BoostingTrainer.Fit(train, new BoostingOptions { Loss = BoostingLoss.Binary, Threads = threads }, new BoostingSession { Timer = timer });
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            double seconds = watch.Elapsed.TotalSeconds;
            watch.Restart();
            Predictions p = result.Model.Predict(test.X);
            double score = watch.Elapsed.TotalSeconds;
            Console.WriteLine(string.Join("  ", timer.Elapsed.Select(t => $"{t.Key} {t.Value.TotalSeconds:F3}")));
            Console.WriteLine($"boosting threads={threads} fit={seconds:F3}s cpu={cpu.TotalSeconds:F3}s predict={score:F3}s auc={Auc.Of(p, test.Y):F5} trees={result.Model.Trees.Count} leaves={result.Model.Trees.Average(t => t.Leaves):F1}");
        }

        break;
    case "forest":
        for (int r = 0; r < repeats; r++)
        {
            Stopwatch watch = Stopwatch.StartNew();
            TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
            ForestResult result = ForestTrainer.Fit(train, new ForestOptions { Classes = 2, Threads = threads });
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            double seconds = watch.Elapsed.TotalSeconds;
            watch.Restart();
            Predictions p = result.Model.Predict(test.X);
            Console.WriteLine($"forest threads={threads} fit={seconds:F3}s cpu={cpu.TotalSeconds:F3}s predict={watch.Elapsed.TotalSeconds:F3}s auc={Auc.Of(p, test.Y):F5} leaves={result.Model.Trees.Average(t => t.Leaves):F1}");
        }

        break;
    default:
        throw new ArgumentException(what);
}
