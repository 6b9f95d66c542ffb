using System.Security.Cryptography;
using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Validation;
using Mlops.Functions.Arrival;
using Mlops.Functions.Training;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;

namespace Mlops.Functions.Validation;

/// <summary>Activity: checks a batch against the model's contract; what is blocked goes to quarantine with a report.</summary>
public sealed class ValidateBatch(PipelineSteps steps, ConfigurationReader configurations, DropZone dropZone, DatasetStore datasets, QuarantineStore quarantine)
{
    [Function(nameof(ValidateBatch))]
    public Task<ValidationOutcome?> Run([ActivityTrigger] BatchStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "validate", () => ValidateAsync(step, cancellationToken), outcome => outcome?.Summary ?? "the file was replaced or deleted", cancellationToken);

    private async Task<ValidationOutcome?> ValidateAsync(BatchStep step, CancellationToken cancellationToken)
    {
        ConfigurationResult configuration = await configurations.ReadAsync(step.Model, cancellationToken);
        if (configuration.Configuration is null)
        {
            return await QuarantineAsync(step, ConfigurationProblems.Report(configuration), string.Empty, 0, cancellationToken);
        }

        if (await dropZone.TryOpenAsync(step.Batch.Blob, step.Batch.ETag, cancellationToken) is not { } stream)
        {
            return null;
        }

        BatchPath path = BatchPaths.Parse(step.Batch.Blob);
        DataContract? contract = await datasets.FindContractAsync(step.Model, cancellationToken);
        await using HashingStream hashing = new(stream);
        BatchRead read = await BatchReader.ReadAsync(hashing, path.Format, BatchLimits.Default, Validator.KindsFor(contract, configuration.Configuration), cancellationToken);
        ValidationReport report = Validator.Check(read, contract, configuration.Configuration);
        if (report.Verdict == Verdict.Block)
        {
            return await QuarantineAsync(step, report, string.Empty, 0, cancellationToken);
        }

        (string sha256, long bytes) = await hashing.FinishAsync(cancellationToken);
        return new ValidationOutcome(report.Verdict, sha256, bytes, report.Rows, Bounded.Reason(Summary(report)));
    }

    private async Task<ValidationOutcome> QuarantineAsync(BatchStep step, ValidationReport report, string sha256, long bytes, CancellationToken cancellationToken)
    {
        await using Stream? content = await dropZone.TryOpenAsync(step.Batch.Blob, step.Batch.ETag, cancellationToken);
        string file = Path.GetFileName(step.Batch.Blob);
        await quarantine.AddAsync(step.Model, step.Pipeline, file, content, report, cancellationToken);
        return new ValidationOutcome(report.Verdict, sha256, bytes, report.Rows, $"Report: /api/quarantine/{step.Model}/{step.Pipeline}. {Bounded.Reason(Summary(report))}");
    }

    private static string Summary(ValidationReport report) => report.Problems.Count == 0
        ? $"{report.Rows} rows, nothing wrong"
        : $"{report.Rows} rows, {report.Problems.Count} findings, first: {report.Problems[0]}";
}
