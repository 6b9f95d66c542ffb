using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>eˢ − y·s, y ≥ 0; g = eˢ − y, h = eˢ.</summary>
internal sealed class PoissonLoss : Loss
{
    public override Link Link => Link.Exp;

    public override double MaxStep => 1;

    public override void Check(ReadOnlySpan<float> y) => Answers.RequireNotNegative(y, "Poisson loss");

    public override double[] BaseScores(ReadOnlySpan<float> y, float[]? weights) => [Math.Log(Math.Max(Mean(y, weights), 1e-9))];

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, int output, Span<float> gradients, Span<float> hessians)
    {
        for (int i = 0; i < y.Length; i++)
        {
            float mean = MathF.Exp(scores[i]);
            gradients[i] = mean - y[i];
            hessians[i] = mean;
        }
    }

    public override double Value(float y, ReadOnlySpan<double> raw) => Math.Exp(raw[0]) - (y * raw[0]);
}
