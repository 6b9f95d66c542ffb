namespace Mlops.Core.Learning;

/// <summary>Checks on the answers of a training set.</summary>
internal static class Answers
{
    /// <summary>Every answer is a class index below <paramref name="classes"/>.</summary>
    public static void RequireClasses(ReadOnlySpan<float> y, int classes)
    {
        for (int i = 0; i < y.Length; i++)
        {
            if (!(y[i] >= 0 && y[i] < classes && y[i] == MathF.Floor(y[i])))
            {
                throw new ArgumentException($"Row {i}: the answer is {y[i]}; expected a class index 0 … {classes - 1}.", nameof(y));
            }
        }
    }

    /// <summary>No answer is negative.</summary>
    public static void RequireNotNegative(ReadOnlySpan<float> y, string loss)
    {
        for (int i = 0; i < y.Length; i++)
        {
            if (y[i] < 0)
            {
                throw new ArgumentException($"Row {i}: the answer is {y[i]}; {loss} expects numbers ≥ 0. Use squared loss for numbers of any sign.", nameof(y));
            }
        }
    }
}
