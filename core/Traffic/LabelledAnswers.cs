using Mlops.Core.Statistics.Sketches;

namespace Mlops.Core.Traffic;

/// <summary>Predictions of one version whose truth has become known.</summary>
/// <param name="Labels">Predictions with a label.</param>
/// <param name="Wrong">Of these, predictions of another class than the true one; 0 where numbers are predicted.</param>
/// <param name="Loss">Absolute errors, each at most <see cref="CanaryOptions.LargestLoss"/>, where numbers are predicted; else of nothing.</param>
public sealed record LabelledAnswers(long Labels, long Wrong, Moments Loss = default)
{
    /// <summary>No labels.</summary>
    public static LabelledAnswers None { get; } = new(0, 0);

    /// <summary>With one more predicted class.</summary>
    public LabelledAnswers AddClass(bool wrong) => this with { Labels = Labels + 1, Wrong = Wrong + (wrong ? 1 : 0) };

    /// <summary>With one more predicted number, off by <paramref name="error"/>, which counts at most <paramref name="largest"/>.</summary>
    public LabelledAnswers AddNumber(double error, double largest) => this with { Labels = Labels + 1, Loss = Loss.Merge(new Moments(1, Math.Min(Math.Abs(error), largest), 0, 0, 0)) };
}
