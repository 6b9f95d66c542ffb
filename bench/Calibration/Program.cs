using System.Diagnostics;
using System.Globalization;
using Mlops.Calibration;

// Usage: dotnet run -c Release --project bench/Calibration [-- scale [part …]], or -- speed; the parts are streams, sequential, canary, quality, drift, seasonal, gates and samples.
if (args is ["speed"])
{
    Speed.Measure(1_000_000, 100_000, 28);
    return 0;
}

double scale = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1;
int Runs(int runs) => Math.Max(40, (int)(runs * scale));
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
Stopwatch clock = Stopwatch.StartNew();
List<Measured> all = [];
(string Name, Func<IEnumerable<Measured>> Measure)[] parts =
[
    ("streams", () => Suite.Streams(Runs(2000))),
    ("sequential", () => Suite.Sequential(Runs(10_000), 2000)),
    ("canary", () => CanarySuite.Service(Runs(2000), 2000)),
    ("quality", () => CanarySuite.Quality(Runs(2000), 2000)),
    ("drift", () => Suite.Drift(Runs(4000), [(1000, 100), (5000, 1000), (20_000, 5000), (100_000, 20_000)])),
    ("seasonal", () => Suite.Seasonal(Runs(1000))),
    ("gates", () => GateSuite.Verdicts(Runs(2000), [40, 200, 1000]).Concat(GateSuite.Intervals(Runs(4000), 1000))),
    ("samples", () => Suite.TwoSample(Runs(4000), [(30, 30), (300, 100), (3000, 1000), (30_000, 10_000), (100_000, 100_000)])),
];
foreach (IEnumerable<Measured> part in parts.Where(p => args.Length < 2 || args.Skip(1).Contains(p.Name)).Select(p => p.Measure()))
{
    foreach (Measured measured in part)
    {
        all.Add(measured);
        Console.Error.WriteLine($"{clock.Elapsed:mm\\:ss} {measured.Group}: {measured.Name}: {measured.Rate:0.00%} of {measured.Runs} ({measured.Promised:0.##%}){(measured.Holds ? "" : "  BROKEN")}");
    }
}

Console.WriteLine("# Calibration\n");
Console.WriteLine("Every automatic decision promises an error rate. This table measures them in simulated worlds where the truth is known. Written by `bench/Calibration`; a short form runs with the tests.");
Console.WriteLine($"\nScale {scale}, {clock.Elapsed.TotalMinutes:0.0} minutes on {Environment.ProcessorCount} cores, {System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription}, {all.Sum(m => (long)m.Runs):N0} simulated decisions.");
Console.WriteLine("A promise counts as broken when so many alarms would occur in fewer than 1 of 10,000 suites if it held. Rates without a promise are power, or known failures of published settings for comparison.");
foreach (IGrouping<string, Measured> group in all.GroupBy(m => m.Group))
{
    Console.WriteLine($"\n## {group.Key}\n\n| what | promised | measured | runs | |\n|---|---|---|---|---|");
    foreach (Measured m in group)
    {
        Console.WriteLine($"| {m.Name} | {(m.IsPower ? "–" : "≤ " + m.Promised.ToString("0.##%"))} | {m.Rate:0.00%} | {m.Runs:N0} | {(m.IsPower ? "" : m.Holds ? "holds" : "broken")} |");
    }
}

return all.All(m => m.Holds) ? 0 : 1;
