using System.Diagnostics;
using System.Globalization;
using System.Text;
using CsvHelper;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Binning;

namespace Mlops.Bench;

/// <summary>CSV text to columns, one thread: ours, and CsvHelper with a parse of every field as what can be hoped for from a library.</summary>
internal static class CsvBench
{
    /// <summary>Runs: <c>csv [rows] [columns] [repeats]</c>.</summary>
    public static async Task RunAsync(string[] args)
    {
        int rows = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 500_000;
        int columns = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 28;
        int repeats = args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 3;
        foreach ((string name, Func<Random, int, string> cell) in Shapes())
        {
            byte[] text = Generate(rows, columns, cell);
            for (int r = 0; r < repeats; r++)
            {
                await MeasureAsync($"{name}: ours", text, async () =>
                {
                    BatchRead read = await BatchReader.ReadAsync(new MemoryStream(text), BatchFormat.Csv, BatchLimits.Default, null, CancellationToken.None);
                    return $"{read.Table!.RowCount:N0} rows, {read.Table.Columns.Count} columns, {read.ProblemCount} problems";
                });
                await MeasureAsync($"{name}: ours, to bins", text, () => ToBinsAsync(text));
                await MeasureAsync($"{name}: ours, to bins, read twice", text, () => ToBinsTwiceAsync(text));
                await MeasureAsync($"{name}: CsvHelper", text, () => Task.FromResult(WithCsvHelper(text)));
            }

            // Collecting garbage all the time would disturb the times: once more, without them.
            Console.WriteLine($"{name}: {await ToBinsAsync(text, collect: true)}");
            Console.WriteLine($"{name}: read twice: {await ToBinsTwiceAsync(text, collect: true)}");
        }
    }

    private static IEnumerable<(string Name, Func<Random, int, string> Cell)> Shapes()
    {
        yield return ("numbers of 7 digits", (random, _) => random.NextSingle().ToString("R", CultureInfo.InvariantCulture));
        yield return ("numbers of 17 digits", (random, _) => random.NextDouble().ToString("E16", CultureInfo.InvariantCulture));
        yield return ("mixed", (random, column) => (column % 4) switch
        {
            0 => random.Next(100_000).ToString(CultureInfo.InvariantCulture),
            1 => Math.Round(random.NextDouble() * 1000, 3).ToString(CultureInfo.InvariantCulture),
            2 => $"category {random.Next(50)}",
            _ => $"2026-{random.Next(1, 13):00}-{random.Next(1, 29):00}T{random.Next(24):00}:{random.Next(60):00}:00Z",
        });
    }

    private static byte[] Generate(int rows, int columns, Func<Random, int, string> cell)
    {
        Random random = new(1);
        using MemoryStream stream = new();
        using (StreamWriter writer = new(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true))
        {
            writer.WriteLine(string.Join(',', Enumerable.Range(0, columns).Select(c => $"c{c}")));
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    writer.Write(column == 0 ? string.Empty : ",");
                    writer.Write(cell(random, column));
                }

                writer.Write('\n');
            }
        }

        return stream.ToArray();
    }

    // Processor time, not wall time: other work on the machine does not count.
    private static async Task MeasureAsync(string name, byte[] text, Func<Task<string>> work)
    {
        GC.Collect();
        long before = GC.GetTotalAllocatedBytes(true);
        using Process process = Process.GetCurrentProcess();
        TimeSpan start = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        string result = await work();
        process.Refresh();
        double seconds = (process.TotalProcessorTime - start).TotalSeconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {text.Length / 1e6:F0} MB in {seconds:F2} s of processor time ({watch.Elapsed.TotalSeconds:F2} s) = {text.Length / 1e6 / seconds:F0} MB/s; {(GC.GetTotalAllocatedBytes(true) - before) / 1e6:F0} MB allocated; {result}"));
    }

    private static async Task<string> ToBinsAsync(byte[] text, bool collect = false)
    {
        long before = collect ? GC.GetTotalMemory(true) : 0;
        BatchRead read = await BatchReader.ReadAsync(new MemoryStream(text), BatchFormat.Csv, BatchLimits.Default, null, CancellationToken.None);
        TrainingSet set = ToSet(read.Table!);
        BinnedMatrix bins = BinnedMatrix.Create(set, 255, 1, CancellationToken.None);
        long held = collect ? GC.GetTotalMemory(true) - before : 0;
        GC.KeepAlive(read);
        GC.KeepAlive(set);
        return $"{bins.Stride} numeric columns, {bins.TotalBins} bins" + Held(held);
    }

    // Memory bounded by the bins: once for the sketch, once for the bins.
    private static async Task<string> ToBinsTwiceAsync(byte[] text, bool collect = false)
    {
        long before = collect ? GC.GetTotalMemory(true) : 0;
        GrowingSketch? sketch = null;
        long peak = 0;
        int rows = 0;
        await ReadBlocksAsync(text, block =>
        {
            (sketch ??= new GrowingSketch(block.X.Features)).Add(block, rows);
            rows += block.Rows;
            peak = collect && rows % 32768 == 0 ? Math.Max(peak, GC.GetTotalMemory(true)) : peak;
        });
        FeatureBins[] features = sketch!.Build().ToBins(255);
        sketch = null;
        BinnedMatrix bins = BinnedMatrix.Empty(rows, features);
        rows = 0;
        await ReadBlocksAsync(text, block =>
        {
            bins.Write(rows, block.X, 1, CancellationToken.None);
            rows += block.Rows;
            peak = collect && rows % 32768 == 0 ? Math.Max(peak, GC.GetTotalMemory(true)) : peak;
        });
        return $"{features.Length} numeric columns, {bins.TotalBins} bins" + Held(peak - before);
    }

    private static string Held(long bytes) => bytes > 0 ? $"; at most {bytes / 1e6:F0} MB of objects held at a time" : string.Empty;

    private static Task ReadBlocksAsync(byte[] text, Action<TrainingSet> take) =>
        BatchReader.ReadBlocksAsync(new MemoryStream(text), BatchFormat.Csv, BatchLimits.Default, null, 4096, table => take(ToSet(table)), CancellationToken.None);

    private static TrainingSet ToSet(DataTable table)
    {
        NumericColumn[] columns = [.. table.Columns.OfType<NumericColumn>()];
        FeatureMatrix matrix = new(table.RowCount, [.. columns.Select(c => new FeatureColumn(c.Name, 0))], [.. columns.Select(c => ToSingle(c, table.RowCount))]);
        return new TrainingSet(matrix, new float[table.RowCount]);
    }

    private static float[] ToSingle(NumericColumn column, int rows)
    {
        float[] values = new float[rows];
        for (int i = 0; i < rows; i++)
        {
            values[i] = (float)column.Values[i];
        }

        return values;
    }

    private static string WithCsvHelper(byte[] text)
    {
        using CsvReader reader = CsvReader.Create(new ReadOnlyMemory<byte>(text), new CsvReaderOptions { HasHeader = true, Separator = ',' });
        double sum = 0;
        int rows = 0;
        while (reader.Read())
        {
            rows++;
            for (int i = 0; i < reader.FieldCount; i++)
            {
                sum += double.TryParse(reader.GetSpan(i), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : 1;
            }
        }

        return $"{rows:N0} rows, sum {sum:G6}";
    }
}
