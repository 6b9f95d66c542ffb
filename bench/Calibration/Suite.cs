using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Core.Statistics.Experiments;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.Streams;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Calibration;

/// <summary>All promised error rates, each against simulated worlds in which it is known what is true. The short form runs with the tests, the full form writes docs/calibration.md.</summary>
public static class Suite
{
    /// <summary>Two-sample tests at α = 0.05 when both samples come from one world.</summary>
    public static IEnumerable<Measured> TwoSample(int runs, IReadOnlyList<(int N, int M)> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        const double alpha = 0.05;
        (string Name, Func<double[], double[], double> P)[] tests =
        [
            ("Kolmogorov–Smirnov", (a, b) => KolmogorovSmirnov.Test(a, b).PValue),
            ("Cramér–von Mises", (a, b) => CramerVonMises.Test(a, b).PValue),
            ("Mann–Whitney", (a, b) => MannWhitney.Test(a, b).PValue),
        ];
        foreach ((int n, int m) in sizes)
        {
            foreach (string world in World.Numeric)
            {
                foreach ((string name, Func<double[], double[], double> p) in tests)
                {
                    yield return Simulation.Run("Two samples", $"{name}, {world}, {n} and {m}", alpha, Fewer(runs, n + m), r => p(World.Draw(world, r, n), World.Draw(world, r, m)) <= alpha);
                }
            }

            yield return Simulation.Run("Two samples", $"Welch, normal, {n} and {m}", alpha, Fewer(runs, n + m), r => WelchT.Test(World.Draw("normal", r, n), World.Draw("normal", r, m)).PValue <= alpha);
            yield return Simulation.Run("Two samples", $"Levene, heavy-tailed, {n} and {m}", alpha, Fewer(runs, n + m), r => Levene.Test(World.Draw("heavy-tailed", r, n), World.Draw("heavy-tailed", r, m)).PValue <= alpha);
            foreach (int k in new[] { 3, 20, 300 })
            {
                yield return Simulation.Run("Two samples", $"χ² pooled, {k} categories, {n} and {m}", alpha, Fewer(runs, n + m), r => ChiSquareTest.OfCounts(World.Categories(r, n, k), World.Categories(r, m, k)).PValue <= alpha);
            }

            yield return Simulation.Run("Two samples", $"PSI by its χ² law, 10 bins, {n} and {m}", alpha, Fewer(runs, n + m), r => PopulationStability.OfCounts(Deciles(r, n), Deciles(r, m)).PValue <= alpha);
            yield return Simulation.Run("Two samples", $"Fisher, 3 % against 3 %, {n} and {m}", alpha, Fewer(runs, n + m), r =>
            {
                long a = Hits(r, n, 0.03), b = Hits(r, m, 0.03);
                return FisherExact.TwoSided(a, n - a, b, m - b) <= alpha;
            });
        }
    }

    /// <summary>The drift verdict on tables of ten columns of every world, half of them correlated, with missing values.</summary>
    public static IEnumerable<Measured> Drift(int runs, IReadOnlyList<(int Reference, int Window)> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        foreach ((int n, int m) in sizes)
        {
            DriftOptions options = new() { FalseAlarmsPerMonth = 5, WindowsPerMonth = 100, MinimumEffect = 0, MinimumRows = 30 };
            bool Drifts(Random r, double shift) =>
                DriftTest.Compare(Table(r, n, 0), Table(r, m, shift), options).Verdict == DriftVerdict.Drift;
            int tableRuns = Fewer(runs, n + m);
            yield return Simulation.Run("Drift verdict", $"nothing changed, 10 columns, reference {n}, window {m}", options.Alpha, tableRuns, r => Drifts(r, 0));
            yield return Simulation.Run("Drift verdict", $"one of 10 columns moved by 0.5 σ, reference {n}, window {m}", 0, tableRuns / 2, r => Drifts(r, 0.5), true);

            yield return Simulation.Run("Drift verdict", $"nothing changed, profiles on edges of their own, reference {n}, window {m}", options.Alpha, tableRuns / 2, r =>
                DriftTest.Compare(TableProfile.Of(Table(r, n, 0)), TableProfile.Of(Table(r, m, 0)), options).Verdict == DriftVerdict.Drift);
        }
    }

    /// <summary>A world with a daily and a weekly rhythm: each hour's window against the training data of all hours, and then against the same hour of past weeks, as the drift timer does.</summary>
    public static IEnumerable<Measured> Seasonal(int runs)
    {
        DriftOptions options = new() { FalseAlarmsPerMonth = 5, WindowsPerMonth = 100, MinimumEffect = 0, MinimumRows = 30 };
        foreach (int rows in new[] { 100, 400 })
        {
            bool Drifts(Random random, int weeks, double shift)
            {
                // Four hours that differ by day and weekday stand for all 168; which of them the window falls into is chance.
                DateTimeOffset[] hours = [new(2024, 1, 1, 3, 0, 0, default), new(2024, 1, 1, 15, 0, 0, default), new(2024, 1, 6, 3, 0, 0, default), new(2024, 1, 6, 15, 0, 0, default)];
                TableProfile training = TableProfile.Merge([.. Enumerable.Range(0, 32).Select(i => TableProfile.Of(Rhythm(random, rows, hours[i % 4], 0)))]);
                DateTimeOffset now = hours[random.Next(hours.Length)];
                TableProfile window = TableProfile.Of(Rhythm(random, rows, now, shift), training);
                TableProfile[] season = [.. Enumerable.Range(0, weeks).Select(_ => TableProfile.Of(Rhythm(random, rows, now, 0), training))];
                return SeasonalReference.Reconsider(DriftTest.Compare(training, window, options), window, season, Seasonality.Weekly, options).Verdict == DriftVerdict.Drift;
            }

            foreach (int weeks in new[] { 2, 8 })
            {
                yield return Simulation.Run("Seasonal drift", $"the rhythm as ever, {weeks} weeks of history, {rows} rows an hour", options.Alpha, runs, r => Drifts(r, weeks, 0));
                yield return Simulation.Run("Seasonal drift", $"one of 3 columns moved by 0.5 σ, {weeks} weeks of history, {rows} rows an hour", 0, runs / 2, r => Drifts(r, weeks, 0.5), true);
            }

            yield return Simulation.Run("Seasonal drift", $"the rhythm as ever, no history yet (`seasonality: none`), {rows} rows an hour", 0, runs / 4, r => Drifts(r, 0, 0), true);
        }
    }

    /// <summary>A/A experiments with a look after every observation.</summary>
    public static IEnumerable<Measured> Sequential(int runs, int length)
    {
        const double alpha = 0.05;
        foreach (double p in new[] { 0.5, 0.1, 0.01 })
        {
            yield return Simulation.Run("Sequential", $"A/A proportions {p}, a look after each of {length}", alpha, runs, r => Peek(r, length, p, p, alpha));
            yield return Simulation.Run("Sequential", $"A/A proportions {p}, z test peeked at likewise (what not to do)", alpha, Math.Min(runs, 1000), r => Naive(r, length, p, alpha), true);
        }

        yield return Simulation.Run("Sequential", $"proportions 0.10 against 0.15, within {length}", 0, runs / 2, r => Peek(r, length, 0.1, 0.15, alpha), true);
        foreach (string world in new[] { "normal", "skewed", "discrete" })
        {
            yield return Simulation.Run("Sequential", $"A/A means, {world}, a look after each of {length}", alpha, runs, r => PeekMeans(r, length, world, alpha));
        }

        IReadOnlyList<double> boundaries = GroupSequential.Boundaries([0.2, 0.4, 0.6, 0.8, 1], alpha);
        yield return Simulation.Run("Sequential", "O'Brien–Fleming, five looks", alpha, runs * 4, r =>
        {
            double sum = 0;
            for (int look = 1; look <= 5; look++)
            {
                sum += World.Normal(r);
                if (Math.Abs(sum) / Math.Sqrt(look) >= boundaries[look - 1])
                {
                    return true;
                }
            }

            return false;
        });
        yield return Simulation.Run("Sequential", "sample-ratio mismatch, no mismatch", 0.001, runs * 4, r =>
        {
            long a = Hits(r, 2000, 0.5);
            return SampleRatio.Test([a, 2000 - a], [1, 1]).PValue <= 0.001;
        });
    }

    /// <summary>Stationary streams of 10,000 points; a detector promises at most 5 % with an alarm.</summary>
    public static IEnumerable<Measured> Streams(int runs)
    {
        const double promised = 0.05;
        const int length = 10_000;
        (string Name, Func<StreamDetector> New)[] bits =
        [
            ("DDM", () => new Ddm()), ("EDDM", () => new Eddm()), ("HDDM-A", () => new HddmA()), ("HDDM-W", () => new HddmW()), ("ADWIN", () => new Adwin()), ("CUSUM", () => new Cusum()), ("KSWIN", () => new Kswin()),
        ];
        foreach ((string name, Func<StreamDetector> create) in bits)
        {
            foreach (double p in name == "EDDM" ? new[] { 0.001, 0.01, 0.05, 0.2 } : [0.001, 0.01, 0.05, 0.2, 0.5])
            {
                yield return Simulation.Run("Streams", $"{name}, default, stationary errors {p}", promised, runs, r => Alarms(r, create(), length, p, p));
            }

            yield return Simulation.Run("Streams", $"{name}, default, errors 0.1 to 0.3 after 5,000, seen within 5,000", 0, runs / 4, r => Alarms(r, create(), length, 0.1, 0.3), true);
            yield return Simulation.Run("Streams", $"{name}, default, errors 0.01 to 0.1 after 5,000, seen within 5,000", 0, runs / 4, r => Alarms(r, create(), length, 0.01, 0.1), true);
        }

        foreach (string world in new[] { "normal", "skewed", "heavy-tailed" })
        {
            yield return Simulation.Run("Streams", $"KSWIN, default, stationary {world}", promised, runs, r => AlarmsOn(World.Draw(world, r, length), new Kswin()));
            yield return Simulation.Run("Streams", $"CUSUM, default, stationary {world}", promised, runs, r => AlarmsOn(World.Draw(world, r, length), new Cusum()));
        }

        yield return Simulation.Run("Streams", "Page–Hinkley, default, stationary errors 0.1", promised, runs, r => Alarms(r, new PageHinkley(), length, 0.1, 0.1));
        yield return Simulation.Run("Streams", "DDM, published, stationary errors 0.1", 0, runs / 4, r => Alarms(r, Ddm.Published(), length, 0.1, 0.1), true);
        yield return Simulation.Run("Streams", "EDDM, published, stationary errors 0.1", 0, runs / 4, r => Alarms(r, Eddm.Published(), length, 0.1, 0.1), true);
        yield return Simulation.Run("Streams", "HDDM-A, published, stationary errors 0.1", 0, runs / 4, r => Alarms(r, HddmA.Published(), length, 0.1, 0.1), true);
        yield return Simulation.Run("Streams", "HDDM-W, published, stationary errors 0.1", 0, runs / 4, r => Alarms(r, HddmW.Published(), length, 0.1, 0.1), true);
        yield return Simulation.Run("Streams", "CUSUM, published, stationary normal", 0, runs / 4, r => AlarmsOn(World.Draw("normal", r, length), Cusum.Published()), true);
        yield return Simulation.Run("Streams", "KSWIN, published, stationary normal, 2,000 points", 0, Math.Max(20, runs / 20), r => AlarmsOn(World.Draw("normal", r, 2000), Kswin.Published()), true);
        foreach (int n in new[] { 50, 200, 1000 })
        {
            yield return Simulation.Run("Streams", $"PELT, {n} stationary normal values", promised, runs, r => Pelt.Find(World.Draw("normal", r, n)).Count > 0);
        }
    }

    internal static int Fewer(int runs, int cost) => Math.Clamp((int)(runs * 2000.0 / Math.Max(2000, cost)), Math.Min(runs, 100), runs);

    private static long[] Deciles(Random random, int n)
    {
        long[] counts = new long[10];
        for (int i = 0; i < n; i++)
        {
            counts[random.Next(10)]++;
        }

        return counts;
    }

    internal static long Hits(Random random, int n, double p)
    {
        long hits = 0;
        for (int i = 0; i < n; i++)
        {
            hits += random.NextDouble() < p ? 1 : 0;
        }

        return hits;
    }

    private static DataTable Table(Random random, int rows, double shift)
    {
        double[] common = World.Draw("normal", random, rows);
        List<Column> columns = [new NumericColumn("moved", World.Draw("normal", random, rows, shift))];
        for (int c = 0; c < 4; c++)
        {
            columns.Add(new NumericColumn($"correlated {c}", [.. World.Draw("normal", random, rows).Zip(common, (a, b) => a + 2 * b)]));
        }

        foreach (string world in World.Numeric.Skip(1).Take(3))
        {
            columns.Add(new NumericColumn(world, [.. World.Draw(world, random, rows).Select(x => random.NextDouble() < 0.05 ? double.NaN : x)]));
        }

        columns.Add(TextColumn.From("few", Enumerable.Range(0, rows).Select(_ => $"c{World.Category(random, 5)}")));
        columns.Add(TextColumn.From("many", Enumerable.Range(0, rows).Select(_ => $"c{World.Category(random, 200)}")));
        return new DataTable(columns);
    }

    private static bool Peek(Random random, int length, double p1, double p2, double alpha)
    {
        long s1 = 0, s2 = 0, n1 = 0, n2 = 0;
        for (int i = 0; i < length; i++)
        {
            bool second = random.NextDouble() < 0.5;
            (n1, n2) = second ? (n1, n2 + 1) : (n1 + 1, n2);
            bool success = random.NextDouble() < (second ? p2 : p1);
            (s1, s2) = !success ? (s1, s2) : second ? (s1, s2 + 1) : (s1 + 1, s2);
            if (SequentialProportions.PValue(s1, n1, s2, n2) <= alpha)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Naive(Random random, int length, double p, double alpha)
    {
        long s1 = 0, s2 = 0, n = 0;
        for (int i = 0; i < length / 2; i++)
        {
            n++;
            s1 += random.NextDouble() < p ? 1 : 0;
            s2 += random.NextDouble() < p ? 1 : 0;
            if (n >= 30 && Proportions.Test(s1, n, s2, n).PValue <= alpha)
            {
                return true;
            }
        }

        return false;
    }

    private static bool PeekMeans(Random random, int length, string world, double alpha)
    {
        Moments first = default, second = default;
        double[] values = World.Draw(world, random, length);
        for (int i = 0; i + 1 < length; i += 2)
        {
            first = first.Merge(new Moments(1, values[i], 0, 0, 0));
            second = second.Merge(new Moments(1, values[i + 1], 0, 0, 0));
            if (SequentialMeans.PValue(first, second, 0.1) <= alpha)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One hour of a week: the level follows the hour, the spread the weekday, and the mix of categories both.</summary>
    private static DataTable Rhythm(Random random, int rows, DateTimeOffset hour, double shift)
    {
        double level = 2 * Math.Sin(hour.Hour * Math.PI / 12), spread = hour.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 2 : 1, busy = 0.5 + 0.1 * level + 0.1 * spread;
        return new DataTable([
            new NumericColumn("level", [.. World.Draw("normal", random, rows).Select(v => level + v + shift)]),
            new NumericColumn("spread", [.. World.Draw("skewed", random, rows).Select(v => spread * v)]),
            TextColumn.From("mix", Enumerable.Range(0, rows).Select(_ => random.NextDouble() < busy ? "a" : $"c{World.Category(random, 10)}")),
        ]);
    }

    private static bool Alarms(Random random, StreamDetector detector, int length, double before, double after)
    {
        for (int i = 0; i < length; i++)
        {
            bool changed = i >= length / 2;
            StreamSignal signal = detector.Update(random.NextDouble() < (changed ? after : before) ? 1 : 0);
            if (signal == StreamSignal.Drift && (changed || before == after))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AlarmsOn(double[] values, StreamDetector detector) => values.Any(v => detector.Update(v) == StreamSignal.Drift);
}
