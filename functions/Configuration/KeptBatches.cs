using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Validation;
using Mlops.Functions.Training;
using Mlops.Storage.Datasets;

namespace Mlops.Functions.Configuration;

/// <summary>Checks kept batches by a configuration, as if they arrived now.</summary>
public sealed class KeptBatches(DatasetStore datasets)
{
    /// <summary>Batches checked at most, and bytes read at most: the answer has to come while somebody waits for it.</summary>
    internal const int MaxBatches = 50;
    private const long MaxBytes = 64 << 20;

    /// <summary>Checks the newest batches of a model.</summary>
    public async Task<BatchCheck> CheckAsync(string model, ModelConfiguration configuration, CancellationToken cancellationToken)
    {
        DatasetSummary[] kept = [.. (await datasets.ListAsync(model, cancellationToken)).Where(dataset => dataset.Source != FeedbackDataset.Source).Reverse()];
        DataContract? contract = await datasets.FindContractAsync(model, cancellationToken);
        IReadOnlyDictionary<string, ColumnKind> kinds = Validator.KindsFor(contract, configuration);
        List<BlockedBatch> blocked = [];
        long bytes = 0;
        int done = 0;
        foreach (DatasetSummary dataset in kept.Take(MaxBatches))
        {
            DatasetManifest manifest = await datasets.ReadManifestAsync(model, dataset.Id, cancellationToken);
            bytes += manifest.Files.Sum(file => file.Bytes);
            if (bytes > MaxBytes && done > 0)
            {
                break;
            }

            done++;
            foreach (DatasetFile file in manifest.Files)
            {
                await using Stream stream = await datasets.OpenFileAsync(file.Blob, cancellationToken);
                ValidationReport report = Validator.Check(await BatchReader.ReadAsync(stream, file.Format, BatchLimits.Default, kinds, cancellationToken), contract, configuration);
                if (report.Verdict == Verdict.Block)
                {
                    blocked.Add(new BlockedBatch(dataset.Id, dataset.Source, [.. report.Problems.Where(problem => problem.Severity == Severity.Block).Take(5).Select(problem => Bounded.Reason(problem.ToString()))]));
                }
            }
        }

        return new BatchCheck(done, kept.Length, blocked);
    }
}
