namespace Mlops.Core.Learning.Trees;

/// <summary>Applies a <see cref="Link"/>.</summary>
public static class Links
{
    /// <summary>Predictions per row for a number of raw scores per row.</summary>
    public static int Outputs(Link link, int width) => link is Link.Sigmoid or Link.Probability ? 2 : width;

    /// <summary>Makes the predictions of one row. Neither overflows nor divides by zero for finite raw scores.</summary>
    public static void Apply(Link link, ReadOnlySpan<double> raw, Span<float> predictions)
    {
        switch (link)
        {
            case Link.Sigmoid:
                predictions[0] = (float)Sigmoid(-raw[0]);
                predictions[1] = (float)Sigmoid(raw[0]);
                break;
            case Link.Probability:
                double p = Math.Clamp(raw[0], 0, 1);
                predictions[0] = (float)(1 - p);
                predictions[1] = (float)p;
                break;
            case Link.Softmax:
                Softmax(raw, predictions);
                break;
            case Link.Exp:
                predictions[0] = (float)Math.Exp(raw[0]);
                break;
            default:
                for (int k = 0; k < raw.Length; k++)
                {
                    predictions[k] = (float)raw[k];
                }

                break;
        }
    }

    /// <summary>1 / (1 + e⁻ˢ).</summary>
    public static double Sigmoid(double score) => 1 / (1 + Math.Exp(-score));

    private static void Softmax(ReadOnlySpan<double> raw, Span<float> predictions)
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

        for (int k = 0; k < raw.Length; k++)
        {
            predictions[k] = (float)(Math.Exp(raw[k] - max) / sum);
        }
    }
}
