using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting.Losses;

/// <summary>ln Σ eˢᵏ − s[y]; with p = softmax(s): g[k] = p[k] − [y = k], h[k] = K/(K − 1) · p[k](1 − p[k]).</summary>
/// <remarks>The factor K/(K − 1) is the one of Friedman 2001 (the scores have one degree of freedom too many).</remarks>
internal sealed class MultiClassLoss(int classes) : Loss
{
    public override int Width => classes;

    public override Link Link => Link.Softmax;

    public override double MaxStep => 4;

    public override void Check(ReadOnlySpan<float> y) => Answers.RequireClasses(y, classes);

    public override double[] BaseScores(double[] means) => means.Select(share => Math.Log(Math.Max(share, 1e-6))).ToArray();

    public override void Derivatives(ReadOnlySpan<float> y, ReadOnlySpan<float> scores, Span<float> gradients, Span<float> hessians)
    {
        int n = y.Length;
        float factor = (float)classes / (classes - 1);

        // The hessians hold the running maximum, then the sum, of the softmax until they are written.
        Span<float> max = hessians[..n];
        max.Fill(float.NegativeInfinity);
        for (int at = 0; at < scores.Length; at += n)
        {
            for (int i = 0; i < n; i++)
            {
                max[i] = Math.Max(max[i], scores[at + i]);
            }
        }

        for (int at = 0; at < scores.Length; at += n)
        {
            Span<float> g = gradients.Slice(at, n);
            for (int i = 0; i < n; i++)
            {
                g[i] = scores[at + i] - max[i];
            }

            VectorMath.Exp(g, g);
        }

        Span<float> sum = hessians[..n];
        sum.Clear();
        for (int at = 0; at < scores.Length; at += n)
        {
            for (int i = 0; i < n; i++)
            {
                sum[i] += gradients[at + i];
            }
        }

        // Downwards, because the sums lie where the first class's hessians go.
        for (int k = classes - 1; k >= 0; k--)
        {
            for (int i = 0; i < n; i++)
            {
                float p = gradients[(k * n) + i] / sum[i];
                gradients[(k * n) + i] = p - ((int)y[i] == k ? 1 : 0);
                hessians[(k * n) + i] = factor * p * (1 - p);
            }
        }
    }

    public override double Value(float y, ReadOnlySpan<double> raw)
    {
        double max = double.NegativeInfinity;
        foreach (double s in raw)
        {
            max = Math.Max(max, s);
        }

        double sum = 0;
        foreach (double s in raw)
        {
            sum += Math.Exp(s - max);
        }

        return max + Math.Log(sum) - raw[(int)y];
    }
}
