using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>scale · max(q(y − s), (q − 1)(y − s)); q = ½ and scale 2 is the absolute error. Splits follow the sign of the residual (h = 1), leaves take the quantile of theirs.</summary>
internal sealed class QuantileLoss(double quantile, double scale) : Loss
{
    public override Link Link => Link.Identity;

    public override double LeafQuantile => quantile;

    public override double[] BaseScores(ReadOnlySpan<float> y, float[]? weights)
    {
        float[] values = y.ToArray();
        return [WeightedQuantile.Of(values, weights is null ? null : [.. weights], quantile)];
    }

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        float above = (float)(scale * (1 - quantile));
        float below = (float)(-scale * quantile);
        for (int i = 0; i < y.Length; i++)
        {
            gradients[i] = scores[i] > y[i] ? above : scores[i] < y[i] ? below : 0;
        }

        hessians.Fill(1);
    }

    public override double Value(float y, ReadOnlySpan<double> raw)
    {
        double residual = y - raw[0];
        return scale * Math.Max(quantile * residual, (quantile - 1) * residual);
    }
}
