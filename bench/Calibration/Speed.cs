using System.Diagnostics;
using System.Text;
using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.Streams;

namespace Mlops.Calibration;

/// <summary>Times a drift report on large tables, raw and from profiles; peers.py in this folder times SciPy's functions on as many values.</summary>
public static class Speed
{
    /// <summary>Prints the best of three runs.</summary>
    public static void Measure(int referenceRows, int windowRows, int columns)
    {
        DataTable reference = Table(referenceRows, columns, 1), window = Table(windowRows, columns, 2);
        using Process process = Process.GetCurrentProcess();
        double before = process.PeakWorkingSet64 / 1e6;
        TableProfile profile = TableProfile.Of(reference), current = TableProfile.Of(window, profile);
        DriftOptions options = new();
        Console.WriteLine($"{referenceRows:N0} × {columns} against {windowRows:N0} × {columns}");
        Print("profile of the reference", () => TableProfile.Of(reference));
        Print("profile of the window", () => TableProfile.Of(window, profile));
        Print("report from raw tables", () => DriftTest.Compare(reference, window, options));
        Print("report from profiles", () => DriftTest.Compare(profile, current, options));
        int largest = profile.Columns.Max(column => Encoding.UTF8.GetByteCount(new TableProfile(profile.Rows, [column]).ToJson()));
        Console.WriteLine($"stored profile: {largest:N0} bytes a column at most");
        process.Refresh();
        Console.WriteLine($"peak memory: {process.PeakWorkingSet64 / 1e6:0} MB, {before:0} MB before the first report, {(referenceRows + windowRows) * 8.0 * columns / 1e6:0} MB the values");
        foreach (StreamDetector detector in (StreamDetector[])[new Ddm(), new Eddm(), new HddmA(), new HddmW(), new Adwin(), new PageHinkley(), new Cusum(), new Kswin()])
        {
            Stream(detector);
        }
    }

    /// <summary>A stationary stream of errors: nearly all that a detector ever sees.</summary>
    private static void Stream(StreamDetector detector)
    {
        const int length = 500_000;
        Random random = new(3);
        double[] errors = [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() < 0.1 ? 1.0 : 0)];
        long start = Stopwatch.GetTimestamp();
        foreach (double error in errors)
        {
            detector.Update(error);
        }

        Console.WriteLine($"{detector.GetType().Name}: {length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e6:0.0} million values a second, state of {detector.Save().Length:N0} characters");
    }

    private static void Print(string what, Action action)
    {
        double best = double.PositiveInfinity;
        for (int run = 0; run < 3; run++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        Console.WriteLine($"{what}: {best:0.0} ms");
    }

    private static DataTable Table(int rows, int columns, int seed)
    {
        Random random = new(seed);
        return new DataTable([.. Enumerable.Range(0, columns).Select(c => (Column)new NumericColumn($"x{c}", World.Draw("normal", random, rows)))]);
    }
}
