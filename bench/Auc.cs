using Mlops.Core.Learning;

namespace Mlops.Bench;

internal static class Auc
{
    /// <summary>Area under the ROC curve by ranks, ties at half.</summary>
    public static double Of(Predictions predictions, float[] y)
    {
        float[] score = new float[y.Length];
        for (int i = 0; i < score.Length; i++)
        {
            score[i] = predictions.Row(i)[1];
        }

        float[] label = [.. y];
        Array.Sort(score, label);
        double rankSum = 0;
        double positives = 0;
        for (int i = 0; i < score.Length;)
        {
            int end = i + 1;
            while (end < score.Length && score[end] == score[i])
            {
                end++;
            }

            double rank = (i + 1 + end) / 2.0;
            for (int k = i; k < end; k++)
            {
                if (label[k] > 0)
                {
                    rankSum += rank;
                    positives++;
                }
            }

            i = end;
        }

        return (rankSum - (positives * (positives + 1) / 2)) / (positives * (y.Length - positives));
    }
}
