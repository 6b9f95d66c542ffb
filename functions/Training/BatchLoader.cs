using Mlops.Core.Data;
using Mlops.Storage.Datasets;

namespace Mlops.Functions.Training;

/// <summary>Reads the files of dataset versions into tables.</summary>
public sealed class BatchLoader(DatasetStore datasets)
{
    /// <summary>All rows of a dataset version, read with the kinds of the model's contract.</summary>
    /// <exception cref="PipelineException">A kept file can no longer be read.</exception>
    public async Task<DataTable> LoadAsync(string model, string dataset, IReadOnlyDictionary<string, ColumnKind>? kinds, CancellationToken cancellationToken)
    {
        DatasetManifest manifest = await datasets.ReadManifestAsync(model, dataset, cancellationToken);
        List<DataTable> tables = [];
        foreach (DatasetFile file in manifest.Files)
        {
            await using Stream stream = await datasets.OpenFileAsync(file.Blob, cancellationToken);
            BatchRead read = await BatchReader.ReadAsync(stream, file.Format, BatchLimits.Default, kinds, cancellationToken);
            tables.Add(read.Table ?? throw new PipelineException($"Dataset version {dataset}, file '{file.Blob}': {string.Join(" ", read.Problems.Take(3))} It was readable when it was kept: restore the blob."));
        }

        return tables.Count == 1 ? tables[0] : Tables.Concat(tables);
    }
}
