namespace Mlops.Core.Statistics;

/// <summary>What a drift verdict promises. <c>FalseAlarmsPerMonth / WindowsPerMonth</c> is the chance of a false alarm per window.</summary>
public sealed record DriftOptions
{
    /// <summary>False alarms per month that are tolerable when nothing changes. Above 0; the default is 1.</summary>
    public double FalseAlarmsPerMonth { get; init; } = 1;

    /// <summary>Windows compared per month. At least 1; the default is 720, one an hour.</summary>
    public double WindowsPerMonth { get; init; } = 720;

    /// <summary>Importance per column, ≥ 0 (a column not named has 1); null for equal. Important columns need less evidence, unimportant ones more; the error rate of the whole stays.</summary>
    public IReadOnlyDictionary<string, double>? Weights { get; init; }

    /// <summary>Rows below which nothing is decided. At least 1; the default is 100.</summary>
    public int MinimumRows { get; init; } = 100;

    /// <summary>Effect below which a change, however certain, is not called drift: for numbers the Wasserstein distance in reference standard deviations, for texts
    /// the total variation distance, for missing and new values the change of their share. The default is 0.02.</summary>
    public double MinimumEffect { get; init; } = 0.02;

    /// <summary>How p-values are corrected over columns. The default is Benjamini–Hochberg.</summary>
    public Correction Correction { get; init; } = Correction.BenjaminiHochberg;

    /// <summary>Windows out of <see cref="PersistenceOf"/> that must show drift before it is an alarm (see <see cref="Persistence"/>). The default is 1.</summary>
    public int PersistenceRequired { get; init; } = 1;

    /// <summary>Windows that <see cref="PersistenceRequired"/> looks back over, the current one included. The default is 1.</summary>
    public int PersistenceOf { get; init; } = 1;

    /// <summary>The level of one window: the α at which k of m independent windows alarm with probability <c>FalseAlarmsPerMonth / WindowsPerMonth</c>.</summary>
    public double Alpha => Persistence.WindowAlpha(Math.Min(0.5, FalseAlarmsPerMonth / WindowsPerMonth), PersistenceRequired, PersistenceOf);

    /// <summary>All that is wrong with the options; empty when they are valid.</summary>
    public IReadOnlyList<string> Problems()
    {
        List<string> problems = [];
        Check(FalseAlarmsPerMonth > 0 && double.IsFinite(FalseAlarmsPerMonth), $"falseAlarmsPerMonth is {FalseAlarmsPerMonth}; expected a number above 0.");
        Check(WindowsPerMonth >= 1 && double.IsFinite(WindowsPerMonth), $"windowsPerMonth is {WindowsPerMonth}; expected at least 1.");
        Check(MinimumRows >= 1, $"minimumRows is {MinimumRows}; expected at least 1.");
        Check(MinimumEffect >= 0 && double.IsFinite(MinimumEffect), $"minimumEffect is {MinimumEffect}; expected at least 0.");
        Check(PersistenceRequired >= 1 && PersistenceRequired <= PersistenceOf && PersistenceOf <= 100, $"persistence is {PersistenceRequired} of {PersistenceOf}; expected 1 ≤ k ≤ m ≤ 100.");
        foreach ((string column, double weight) in Weights ?? new Dictionary<string, double>())
        {
            Check(weight >= 0 && double.IsFinite(weight), $"the weight of column '{column}' is {weight}; expected at least 0.");
        }

        return problems;

        void Check(bool valid, FormattableString problem)
        {
            if (!valid)
            {
                problems.Add(FormattableString.Invariant(problem));
            }
        }
    }
}
