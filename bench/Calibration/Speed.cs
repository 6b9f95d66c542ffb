using System.Diagnostics;
using Mlops.Core.Data;
using Mlops.Core.Statistics;

namespace Mlops.Calibration;

/// <summary>Times a drift report on large tables, raw and from profiles; peers.py in this folder times SciPy's functions on as many values.</summary>
public static class Speed
{
    /// <summary>Prints the best of three runs.</summary>
    public static void Measure(int referenceRows, int windowRows, int columns)
    {
        DataTable reference = Table(referenceRows, columns, 1), window = Table(windowRows, columns, 2);
        TableProfile profile = TableProfile.Of(reference), current = TableProfile.Of(window, profile);
        DriftOptions options = new();
        Console.WriteLine($"{referenceRows:N0} × {columns} against {windowRows:N0} × {columns}");
        Print("profile of the reference", () => TableProfile.Of(reference));
        Print("profile of the window", () => TableProfile.Of(window, profile));
        Print("report from raw tables", () => DriftTest.Compare(reference, window, options));
        Print("report from profiles", () => DriftTest.Compare(profile, current, options));
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
