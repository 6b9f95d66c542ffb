using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>e⁽²⁻ᵖ⁾ˢ/(2 − p) − y·e⁽¹⁻ᵖ⁾ˢ/(1 − p), y ≥ 0, 1 &lt; p &lt; 2; the derivatives follow directly.</summary>
internal sealed class TweedieLoss(double power) : Loss
{
    public override Link Link => Link.Exp;

    public override double MaxStep => 1;

    public override void Check(ReadOnlySpan<float> y) => Answers.RequireNotNegative(y, "Tweedie loss");

    public override double[] BaseScores(double[] means) => [Math.Log(Math.Max(means[0], 1e-9))];

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        float one = (float)(1 - power);
        float two = (float)(2 - power);
        for (int i = 0; i < y.Length; i++)
        {
            float a = y[i] * MathF.Exp(one * scores[i]);
            float b = MathF.Exp(two * scores[i]);
            gradients[i] = b - a;
            hessians[i] = (two * b) - (one * a);
        }
    }

    public override double Value(float y, ReadOnlySpan<double> raw) =>
        (Math.Exp((2 - power) * raw[0]) / (2 - power)) - (y * Math.Exp((1 - power) * raw[0]) / (1 - power));
}
