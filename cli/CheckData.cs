using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Validation;

namespace Mlops.Cli;

/// <summary><c>check data</c>: are these batches what the contract says?</summary>
internal static class CheckData
{
    /// <summary>One check a file; a file fails when the platform would put it into quarantine.</summary>
    public static async Task<CheckReport> RunAsync(Arguments arguments, CancellationToken cancellationToken)
    {
        ModelConfiguration configuration = Inputs.Configuration(arguments.Option("config"));
        DataContract? contract = arguments.Option("contract") is { } path ? DataContract.FromJson(await File.ReadAllTextAsync(path, cancellationToken)) : null;
        CheckReport report = new("mlops check data");
        foreach (string file in arguments.Operands(2))
        {
            BatchRead read = await Inputs.BatchAsync(file, Validator.KindsFor(contract, configuration), cancellationToken);
            ValidationReport validation = Validator.Check(read, contract, configuration);
            string findings = string.Join('\n', validation.Problems);
            report.Add(
                file,
                $"{validation.Verdict.ToString().ToLowerInvariant()}, {validation.Rows} rows, {validation.Problems.Count} findings",
                validation.Verdict == Verdict.Block ? findings : null);

            // As on the platform: the first good batch sets the contract that the others are held against.
            if (contract is null && validation.Verdict != Verdict.Block && read.Table is { } table)
            {
                contract = DataContract.Infer(table, configuration);
            }
        }

        if (arguments.Option("write-contract") is { } target && contract is not null)
        {
            await File.WriteAllTextAsync(target, contract.ToJson(), cancellationToken);
        }

        return report;
    }
}
