using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>ln(1 + eˢ) − y·s, y in {0, 1}; with p = σ(s): g = p − y, h = p(1 − p).</summary>
internal sealed class BinaryLoss : Loss
{
    public override Link Link => Link.Sigmoid;

    public override double MaxStep => 4;

    public override void Check(ReadOnlySpan<float> y) => Answers.RequireClasses(y, 2);

    public override double[] BaseScores(double[] means)
    {
        double p = Math.Clamp(means[0], 1e-6, 1 - 1e-6);
        return [Math.Log(p / (1 - p))];
    }

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        VectorMath.Sigmoid(scores, hessians);
        for (int i = 0; i < y.Length; i++)
        {
            float p = hessians[i];
            gradients[i] = p - y[i];
            hessians[i] = p * (1 - p);
        }
    }

    public override double Value(float y, ReadOnlySpan<double> raw) => Math.Max(raw[0], 0) + Math.Log(1 + Math.Exp(-Math.Abs(raw[0]))) - (y * raw[0]);
}
