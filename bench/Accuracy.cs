using System.Globalization;
using System.Runtime.InteropServices;
using Mlops.Core.Configuration;
using Mlops.Core.Data;
using Mlops.Core.Evaluation;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;

namespace Mlops.Bench;

/// <summary>Our side of accuracy.py: one process for all fits, so that what is compiled once serves all.</summary>
internal static class Accuracy
{
    private static readonly TrainingOptions s_defaults = new();

    /// <summary>Answers lines of <c>boosting|chosen train test classes out</c> (paths without blanks; 0 classes for regression) with <c>done</c> until the input ends.</summary>
    /// <remarks>The scores are written as float32, row-major: one per class, or the prediction.</remarks>
    public static void Serve()
    {
        while (Console.ReadLine() is { } line)
        {
            string[] job = line.Split(' ');
            TrainingSet train = DataFile.Read(job[1]);
            TrainingSet test = DataFile.Read(job[2]);
            int classes = int.Parse(job[3], CultureInfo.InvariantCulture);
            Predictions scores = job[0] == "boosting" ? Boosting(train, test, classes) : Chosen(train, test, classes);
            File.WriteAllBytes(job[4], MemoryMarshal.AsBytes(scores.Scores).ToArray());
            Console.WriteLine("done");
        }
    }

    /// <summary>Boosting with the defaults of its options.</summary>
    private static Predictions Boosting(TrainingSet train, TrainingSet test, int classes)
    {
        BoostingLoss loss = classes switch { 0 => BoostingLoss.Squared, 2 => BoostingLoss.Binary, _ => BoostingLoss.MultiClass };
        return BoostingTrainer.Fit(train, new BoostingOptions { Loss = loss, Classes = classes > 2 ? classes : 0 }).Model.Predict(test.X);
    }

    /// <summary>What a training without configuration does: the candidates proposed for the data, ranked by cross-validation within the training rows.</summary>
    private static Predictions Chosen(TrainingSet train, TrainingSet test, int classes)
    {
        // Two-digit labels, so that their order as texts is that of the classes.
        string[] labels = [.. Enumerable.Range(0, classes).Select(c => c.ToString("00", CultureInfo.InvariantCulture))];
        DataTable rows = DataFile.Table(train, labels);
        TaskKind kind = classes switch { 0 => TaskKind.Regression, 2 => TaskKind.Binary, _ => TaskKind.MultiClass };
        LearningTask task = new(kind, "y", labels, [.. train.X.Features.Select(f => f.Name)]);
        int[] folds = [.. Enumerable.Range(0, train.Rows).Select(i => i % s_defaults.Folds)];
        string metric = Metrics.Primary(task);
        CandidateSpec best = Candidates.Propose(task, train.Rows, train.X.Columns, s_defaults.MaxCandidates, 1)
            .MinBy(spec => Trainer.CrossValidate(rows, task, spec, folds, 1).Mean[metric])!;
        return Trainer.Fit(rows, task, best, 1).Predict(DataFile.Table(test, labels));
    }
}
