using System.Runtime.InteropServices;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Boosting;

namespace Mlops.Bench;

internal static class Accuracy
{
    /// <summary>Trains with defaults and writes float32 scores, row-major: one per class, or the prediction.</summary>
    public static void WritePredictions(TrainingSet train, TrainingSet test, int classes, string path)
    {
        BoostingLoss loss = classes switch { 0 => BoostingLoss.Squared, 2 => BoostingLoss.Binary, _ => BoostingLoss.MultiClass };
        BoostingResult result = BoostingTrainer.Fit(train, new BoostingOptions { Loss = loss, Classes = classes > 2 ? classes : 0, Threads = 2 });
        File.WriteAllBytes(path, MemoryMarshal.AsBytes(result.Model.Predict(test.X).Scores).ToArray());
    }
}
