using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>½(y − s)²; g = s − y, h = 1.</summary>
internal sealed class SquaredLoss : Loss
{
    public override Link Link => Link.Identity;

    public override double[] BaseScores(double[] means) => [means[0]];

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < y.Length; i++)
        {
            gradients[i] = scores[i] - y[i];
        }

        hessians.Fill(1);
    }

    public override double Value(float y, ReadOnlySpan<double> raw) => 0.5 * (raw[0] - y) * (raw[0] - y);
}
