namespace Mlops.Core.Learning.Trainers;

/// <summary>Factors that make every class count the same.</summary>
internal static class ClassBalance
{
    /// <summary>Per class total weight / (classes × weight of the class); 1 for a class without weight.</summary>
    public static double[] Weights(ReadOnlySpan<int> classes, ReadOnlySpan<double> rows, int count)
    {
        double[] sums = new double[count];
        double total = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            sums[classes[i]] += rows[i];
            total += rows[i];
        }

        return [.. sums.Select(sum => sum == 0 ? 1 : total / (count * sum))];
    }
}
