using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Validation;

namespace Mlops.Functions.Validation;

/// <summary>Errors in a <c>model.yaml</c> as a validation report: the batch waits in quarantine until the file is right.</summary>
internal static class ConfigurationProblems
{
    public static ValidationReport Report(ConfigurationResult configuration) => new(
        Verdict.Block,
        0,
        [.. configuration.Errors.Select(error => new DataProblem(null, null, $"{error}", "a valid model.yaml", "Correct the file and drop the data again.", Severity.Block))],
        new Dictionary<string, int>());
}
