using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;

namespace Mlops.Core.Configuration;

/// <summary>Decides what is learned of rows without labels.</summary>
internal static class AnomalyTask
{
    /// <summary>The name under which the label is spoken of when no target is named.</summary>
    public const string DefaultTarget = "anomaly";

    public static TaskResolution Resolve(DataTable table, ModelConfiguration configuration)
    {
        string target = configuration.Target ?? DefaultTarget;
        List<DataProblem> problems = [];
        if (configuration.Training.Weight is not null || configuration.Training.Monotone.Count > 0 || configuration.Training.ClassWeights.Count > 0)
        {
            problems.Add(new DataProblem(null, null, "training.weight, training.monotone or training.classWeights for anomalies", "none of them", "Remove them from model.yaml: they say something about answers, and there are none.", Severity.Block));
        }

        List<int> rows = [.. Enumerable.Range(0, table.RowCount)];
        (List<string> features, Dictionary<string, string> dropped) = TaskResolver.ChooseFeatures(table, rows, target, configuration);
        if (features.Count == 0 && rows.Count > 0)
        {
            problems.Add(TaskResolver.NoFeature());
        }

        LearningTask? task = problems.Count > 0 ? null : new LearningTask(TaskKind.Anomaly, target, [SyntheticAnomalies.Ordinary, SyntheticAnomalies.Anomalous], features);
        return new TaskResolution(task, rows, 0, dropped, problems);
    }
}
