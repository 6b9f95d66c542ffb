using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mlops.Core.Statistics.ChangePoints;

namespace Mlops.Core.Statistics;

/// <summary>What a window says about its reference.</summary>
public enum DriftVerdict
{
    /// <summary>No change that the data prove and that is large enough to matter.</summary>
    None,

    /// <summary>At least one column has changed.</summary>
    Drift,

    /// <summary>Too few rows to decide.</summary>
    TooFewRows,
}

/// <summary>One test of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Test">What was tested: <c>kolmogorov-smirnov</c>, <c>chi-square</c>, <c>missing-rate</c>, <c>new-category</c> or <c>type</c>.</param>
/// <param name="Statistic">The test's statistic.</param>
/// <param name="PValue">Chance of a statistic at least so extreme when nothing has changed; NaN when no test was possible.</param>
/// <param name="AdjustedPValue">Corrected over all tests of the window; drift at or below the report's α.</param>
/// <param name="EffectSize">How large the change is, in the unit of <see cref="DriftOptions.MinimumEffect"/>.</param>
/// <param name="Psi">Population stability index in nats; NaN where it has no meaning.</param>
/// <param name="Drifted">Whether this test alone says drift: certain enough and large enough.</param>
/// <param name="Explanation">A sentence a product owner understands.</param>
public sealed record ColumnDrift(string Column, string Test, double Statistic, double PValue, double AdjustedPValue, double EffectSize, double Psi, bool Drifted, string Explanation)
{
    /// <summary>How much the column matters, 1 for an average one: <see cref="DriftOptions.Weights"/>.</summary>
    public double Weight { get; init; } = 1;
}

/// <summary>The shares of reference and window in the same bins of one column.</summary>
/// <param name="Column">The column.</param>
/// <param name="Labels">One per bin: a range or a category.</param>
/// <param name="Reference">Shares of the reference, summing to 1.</param>
/// <param name="Window">Shares of the window, summing to 1.</param>
public sealed record ColumnDistribution(string Column, IReadOnlyList<string> Labels, IReadOnlyList<double> Reference, IReadOnlyList<double> Window);

/// <summary>The verdict on one window with its evidence, what matters most first.</summary>
/// <param name="Verdict">Drift, none, or too few rows.</param>
/// <param name="Alpha">Chance of a drift verdict when nothing has changed.</param>
/// <param name="Rows">Rows of the window.</param>
/// <param name="Columns">One entry per column and test, drifted ones first, the largest change of the most important column on top, then by adjusted p-value.</param>
/// <param name="Summary">The verdict in one sentence, with what would have been needed to decide otherwise.</param>
public sealed record DriftReport(DriftVerdict Verdict, double Alpha, int Rows, IReadOnlyList<ColumnDrift> Columns, string Summary)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.Default,
        Converters = { new JsonStringEnumConverter() },
        WriteIndented = true,
        MaxDepth = 16,
    };

    /// <summary>What the window was compared with, in words.</summary>
    public string Reference { get; init; } = "the training data";

    /// <summary>Whether that were earlier windows of the same season (<see cref="SeasonalReference"/>).</summary>
    public bool IsSeasonal { get; init; }

    /// <summary>Where the change lies: slices of the drifted columns, the largest part of the change first; at most ten.</summary>
    public IReadOnlyList<SliceContribution> Causes { get; init; } = [];

    /// <summary>How wrong the model was on predictions of the window whose truth is known, and where; null without labels.</summary>
    public LossChange? Loss { get; init; }

    /// <summary>The distributions behind the columns, for the page.</summary>
    public IReadOnlyList<ColumnDistribution> Distributions { get; init; } = [];

    /// <summary>The report as JSON; NaN is the string "NaN".</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is not a report.</exception>
    public static DriftReport FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            DriftReport? report = JsonSerializer.Deserialize<DriftReport>(json, Json);
            return report is { Columns: not null, Summary: not null }
                ? report
                : throw new FormatException("The text is not a drift report: columns or summary are missing.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The text is not a drift report: {e.Message}", e);
        }
    }

    /// <summary>A page of its own: no scripts, no links, everything from outside encoded.</summary>
    public string ToHtml(string title) => DriftReportPage.Render(this, title);
}
