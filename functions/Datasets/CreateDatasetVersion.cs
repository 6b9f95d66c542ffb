using Microsoft.Azure.Functions.Worker;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Statistics;
using Mlops.Core.Validation;
using Mlops.Functions.Arrival;
using Mlops.Functions.Training;
using Mlops.Storage.Arrival;
using Mlops.Storage.Datasets;
using Mlops.Storage.Lineage;

namespace Mlops.Functions.Datasets;

/// <summary>Activity: keeps a validated batch as an immutable dataset version with its profile. The same bytes give the same version.</summary>
public sealed class CreateDatasetVersion(PipelineSteps steps, DropZone dropZone, DatasetStore datasets, ConfigurationReader configurations, LineageStore lineage)
{
    [Function(nameof(CreateDatasetVersion))]
    public Task<string?> Run([ActivityTrigger] DatasetStep step, CancellationToken cancellationToken) => steps.RunAsync(
        step.Pipeline, "version", () => CreateAsync(step, cancellationToken), id => id ?? "the file was replaced or deleted", cancellationToken);

    private async Task<string?> CreateAsync(DatasetStep step, CancellationToken cancellationToken)
    {
        BatchFormat format = BatchPaths.Parse(step.Batch.Blob).Format;
        string blob = $"{step.Model}/files/{step.Sha256}";
        await using (Stream? source = await dropZone.TryOpenAsync(step.Batch.Blob, step.Batch.ETag, cancellationToken))
        {
            if (source is null)
            {
                return null;
            }

            await datasets.WriteFileAsync(blob, source, cancellationToken);
        }

        ModelConfiguration configuration = await configurations.ReadOrDefaultAsync(step.Model, cancellationToken);
        DataContract? contract = await datasets.FindContractAsync(step.Model, cancellationToken);
        await using Stream kept = await datasets.OpenFileAsync(blob, cancellationToken);
        BatchRead read = await BatchReader.ReadAsync(kept, format, BatchLimits.Default, Validator.KindsFor(contract, configuration), cancellationToken);
        DataTable table = read.Table ?? throw new PipelineException($"{step.Batch.Blob} was validated but cannot be read again: {string.Join(" ", read.Problems.Take(3))}");
        if (contract is null)
        {
            await datasets.SetContractOnceAsync(step.Model, DataContract.Infer(table, configuration), cancellationToken);
        }

        DatasetManifest manifest = new(step.Model, [new DatasetFile(blob, format, step.Sha256, step.Bytes, table.RowCount)]);
        await datasets.AddAsync(manifest, TableProfile.Of(table), step.Batch.Blob, cancellationToken);
        await lineage.AddAsync([new LineageEdge($"file:{step.Batch.Blob}", "became", manifest.Id)], cancellationToken);
        return manifest.Id;
    }
}
