using System.Globalization;
using System.Text;

namespace Mlops.Storage.Operations;

/// <summary>What the doctor found.</summary>
/// <param name="Time">When it looked.</param>
/// <param name="Status">The worst of the findings.</param>
/// <param name="Findings">All findings, the worst first.</param>
public sealed record DoctorReport(DateTimeOffset Time, FindingSeverity Status, IReadOnlyList<Finding> Findings)
{
    /// <summary>A report of findings in any order.</summary>
    public static DoctorReport Of(DateTimeOffset time, IEnumerable<Finding> findings)
    {
        Finding[] sorted = [.. findings.OrderByDescending(finding => finding.Severity)];
        return new DoctorReport(time, sorted.Length == 0 ? FindingSeverity.Ok : sorted[0].Severity, sorted);
    }

    /// <summary>One line a finding, its fix below.</summary>
    public string ToText()
    {
        StringBuilder text = new();
        foreach (Finding finding in Findings)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(finding.Severity == FindingSeverity.Ok ? "ok" : finding.Severity.ToString().ToUpperInvariant()),-8} {finding.Check}: {finding.Message}\n");
            foreach (string line in finding.Fix?.Split('\n') ?? [])
            {
                text.Append(CultureInfo.InvariantCulture, $"         fix: {line}\n");
            }
        }

        int errors = Findings.Count(finding => finding.Severity == FindingSeverity.Error);
        int warnings = Findings.Count(finding => finding.Severity == FindingSeverity.Warning);
        return text.Append(CultureInfo.InvariantCulture, $"{Findings.Count} findings, {errors} errors, {warnings} warnings\n").ToString();
    }
}
