using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>eˢ − y·s, y ≥ 0; g = eˢ − y, h = eˢ.</summary>
internal sealed class PoissonLoss : Loss
{
    public override Link Link => Link.Exp;

    public override double MaxStep => 1;

    public override void Check(ReadOnlySpan<float> y) => Answers.RequireNotNegative(y, "Poisson loss");

    public override double[] BaseScores(double[] means) => [Math.Log(Math.Max(means[0], 1e-9))];

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        VectorMath.Exp(scores, hessians);
        for (int i = 0; i < y.Length; i++)
        {
            gradients[i] = hessians[i] - y[i];
        }
    }

    public override double Value(float y, ReadOnlySpan<double> raw) => Math.Exp(raw[0]) - (y * raw[0]);
}
