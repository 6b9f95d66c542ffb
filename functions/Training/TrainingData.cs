using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Validation;
using Mlops.Storage.Datasets;
using Mlops.Storage.Runs;

namespace Mlops.Functions.Training;

/// <summary>The rows of a plan, split the same way whoever asks.</summary>
public sealed class TrainingData(BatchLoader loader, DatasetStore datasets, RunStore runs)
{
    /// <summary>Reads a plan.</summary>
    public Task<TrainingPlan> ReadPlanAsync(string plan, CancellationToken cancellationToken) => runs.ReadArtifactAsync<TrainingPlan>(plan, cancellationToken);

    /// <summary>All rows of the dataset versions, in their order, with the kinds of the model's contract.</summary>
    public async Task<DataTable> LoadAllAsync(string model, IReadOnlyList<string> versions, ModelConfiguration configuration, CancellationToken cancellationToken)
    {
        DataContract? contract = await datasets.FindContractAsync(model, cancellationToken);
        IReadOnlyDictionary<string, ColumnKind>? kinds = Validator.KindsFor(contract, configuration);
        List<DataTable> tables = [];
        foreach (string version in versions)
        {
            tables.Add(await loader.LoadAsync(model, version, kinds, cancellationToken));
        }

        return tables.Count == 1 ? tables[0] : Tables.Concat(tables);
    }

    /// <summary>The rows of a plan that can be learned from, split by <see cref="TaskSplit"/>.</summary>
    public async Task<SplitData> LoadAsync(TrainingPlan plan, CancellationToken cancellationToken)
    {
        ModelConfiguration configuration = plan.Configuration;
        DataTable table = await LoadAllAsync(plan.Model, plan.Datasets, configuration, cancellationToken);
        DataTable rows = TaskResolver.Resolve(table, configuration).Select(table);
        (DataTable train, DataTable holdout, int[] folds) = TaskSplit.Of(rows, plan.Task, plan.Split, plan.Folds, plan.Seed);
        if (train.RowCount == 0 || holdout.RowCount == 0)
        {
            // Rows are split by chance, each by its own hash: a handful of them can all fall on one side.
            throw new PipelineException($"The {rows.RowCount} rows of model '{plan.Model}' leave {train.RowCount} for training and {holdout.RowCount} for the hold-out; both need some. Drop more data.");
        }

        return new SplitData(train, holdout, folds);
    }
}

/// <summary>The rows of a plan.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Holdout">Rows to compare models on.</param>
/// <param name="Folds">The fold of each training row.</param>
public sealed record SplitData(DataTable Train, DataTable Holdout, int[] Folds);
