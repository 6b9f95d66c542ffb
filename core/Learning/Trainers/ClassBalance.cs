namespace Mlops.Core.Learning.Trainers;

/// <summary>Weights that make every class count the same.</summary>
internal static class ClassBalance
{
    /// <summary>Per class rows / (classes × rows of the class); 1 for a class without rows.</summary>
    public static double[] Weights(ReadOnlySpan<float> answers, int classes)
    {
        int[] counts = new int[classes];
        foreach (float y in answers)
        {
            counts[(int)y]++;
        }

        double[] weights = new double[classes];
        for (int c = 0; c < classes; c++)
        {
            weights[c] = counts[c] == 0 ? 1 : (double)answers.Length / (classes * counts[c]);
        }

        return weights;
    }
}
