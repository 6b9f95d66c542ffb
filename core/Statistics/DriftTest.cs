using System.Globalization;
using Mlops.Core.Data;
using Mlops.Core.Statistics.ChangePoints;
using Mlops.Core.Statistics.Distributions;
using Mlops.Core.Statistics.Sketches;
using Mlops.Core.Statistics.TwoSample;

namespace Mlops.Core.Statistics;

/// <summary>Compares a window with its reference, column by column, and gives one verdict.</summary>
/// <remarks>Per column: numbers by Kolmogorov–Smirnov on the reference's quantile edges, texts by χ² with rare categories pooled, both by the share of missing values
/// (Fisher's exact test) and texts also by values never seen before. p-values are corrected over all tests; a test says drift when its adjusted p-value is at most
/// α = false alarms / windows <em>and</em> its effect is large enough. When nothing has changed, the chance of a drift verdict is at most α.</remarks>
public static class DriftTest
{
    /// <summary>Above this many missing values Fisher's test gives way to χ², which is then as exact and does not sum thousands of terms.</summary>
    private const long FisherLimit = 20_000;

    private const int MostCauses = 10;

    /// <summary>Compares raw tables. O(columns · n log n).</summary>
    public static DriftReport Compare(DataTable reference, DataTable window, DriftOptions options)
    {
        TableProfile profile = TableProfile.Of(reference);
        return Compare(profile, TableProfile.Of(window, profile), options);
    }

    /// <summary>Compares profiles. Profile the window with <see cref="TableProfile.Of(DataTable, TableProfile)"/> on its reference for full power; otherwise numeric
    /// differences are reduced by the error of the sketches.</summary>
    /// <exception cref="ArgumentException">The options are not valid; the message lists all problems.</exception>
    public static DriftReport Compare(TableProfile reference, TableProfile window, DriftOptions options)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Problems() is { Count: > 0 } problems)
        {
            throw new ArgumentException("Drift options: " + string.Join(" ", problems), nameof(options));
        }

        double alpha = options.Alpha;
        int rows = (int)Math.Min(window.Rows, int.MaxValue);
        if (window.Rows < options.MinimumRows || reference.Rows < options.MinimumRows)
        {
            string what = window.Rows < options.MinimumRows ? $"The window has {window.Rows}" : $"The reference has {reference.Rows}";
            return new DriftReport(DriftVerdict.TooFewRows, alpha, rows, [], $"{what} rows; at least {options.MinimumRows} are needed to decide.");
        }

        List<ColumnDrift> tests = [];
        List<ColumnDistribution> distributions = [];
        foreach (ColumnProfile column in reference.Columns)
        {
            ColumnProfile? current = window.Find(column.Name);
            if (current is null)
            {
                tests.Add(Untested(column.Name, "type", "The window has no such column, so it was not compared."));
                continue;
            }

            tests.AddRange(ColumnTests.Of(column, current));
            if (ColumnTests.Distribution(column, current) is { } distribution)
            {
                distributions.Add(distribution);
            }
        }

        double[] adjusted = MultipleTesting.Adjust(
            [.. tests.Select(t => t.PValue)], options.Correction, options.Weights is { } weights ? [.. tests.Select(t => weights.GetValueOrDefault(t.Column, 1))] : null);
        List<ColumnDrift> judged = [.. tests
            .Select((t, i) => Judge(t, adjusted[i], alpha, options.MinimumEffect) with { Weight = options.Weights?.GetValueOrDefault(t.Column, 1) ?? 1 })
            .OrderByDescending(t => t.Drifted).ThenByDescending(Concern).ThenBy(t => double.IsNaN(t.AdjustedPValue) ? 2 : t.AdjustedPValue).ThenBy(t => t.PValue).ThenByDescending(t => t.EffectSize).ThenBy(t => t.Column, StringComparer.Ordinal)];
        List<string> drifted = [.. judged.Where(t => t.Drifted).Select(t => t.Column).Distinct(StringComparer.Ordinal)];
        Dictionary<string, int> rank = judged.Select(t => t.Column).Distinct(StringComparer.Ordinal).Select((name, i) => (name, i)).ToDictionary(x => x.name, x => x.i, StringComparer.Ordinal);
        return new DriftReport(drifted.Count > 0 ? DriftVerdict.Drift : DriftVerdict.None, alpha, rows, judged, Summary(judged, drifted, reference.Rows, window.Rows, alpha))
        {
            Distributions = [.. distributions.OrderBy(d => rank[d.Column])],
            Causes = RootCause.Rank(distributions.Where(d => drifted.Contains(d.Column)), reference.Rows, window.Rows, MostCauses),
        };
    }

    internal static ColumnDrift Untested(string column, string test, string why) =>
        new(column, test, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, false, why);

    internal static double MissingPValue(long missing1, long present1, long missing2, long present2) =>
        missing1 + missing2 <= FisherLimit || present1 + present2 <= FisherLimit
            ? FisherExact.TwoSided(missing1, present1, missing2, present2)
            : ChiSquareTest.OfCounts([missing1, present1], [missing2, present2], 0).PValue;

    /// <summary>Among proven changes, how far times how important. A move by one standard deviation counts as a change of all rows, more as no more.</summary>
    private static double Concern(ColumnDrift test) => test.Drifted ? test.Weight * Math.Min(1, test.EffectSize) : 0;

    private static ColumnDrift Judge(ColumnDrift test, double adjusted, double alpha, double minimumEffect)
    {
        bool certain = adjusted <= alpha, large = test.EffectSize >= minimumEffect;
        string verdict = double.IsNaN(adjusted) ? ""
            : certain && large ? " This is drift."
            : certain ? FormattableString.Invariant($" The change is certain but too small to matter (effect {test.EffectSize:0.####}, {minimumEffect:0.####} needed).")
            : FormattableString.Invariant($" Chance alone explains it (adjusted p = {adjusted:0.####}, at most {alpha:0.#####} needed).");
        return test with { AdjustedPValue = adjusted, Drifted = certain && large, Explanation = test.Explanation + verdict };
    }

    private static string Summary(List<ColumnDrift> judged, List<string> drifted, long referenceRows, long windowRows, double alpha)
    {
        int tested = judged.Where(t => !double.IsNaN(t.PValue)).Select(t => t.Column).Distinct(StringComparer.Ordinal).Count();
        if (drifted.Count > 0)
        {
            string names = string.Join(", ", drifted.Take(5).Select(n => $"'{n}'")) + (drifted.Count > 5 ? $" and {drifted.Count - 5} more" : "");
            string whose = drifted.Count == 1 ? "" : $"'{judged[0].Column}': ";
            return $"{drifted.Count} of {tested} columns {(drifted.Count == 1 ? "has" : "have")} changed: {names}. {whose}{judged[0].Explanation}";
        }

        if (tested == 0)
        {
            return "No column could be compared: there are no values in common.";
        }

        double pairs = (double)referenceRows * windowRows / (referenceRows + windowRows);
        double gap = Math.Sqrt(-Math.Log(alpha / judged.Count(t => !double.IsNaN(t.PValue)) / 2) / 2 / pairs);
        return string.Create(CultureInfo.InvariantCulture, $"No drift in {tested} columns. With {windowRows} rows, a column whose distribution moved by {Math.Min(1, gap):0.0%} or more of its rows would have been noticed.");
    }
}
