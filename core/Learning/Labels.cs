namespace Mlops.Core.Learning;

/// <summary>Turns the scores of a row into a label, the same way wherever a model is served.</summary>
public static class Labels
{
    /// <summary>The index of the label: the likeliest class; with a threshold the second class, or anomalous, from that score on.</summary>
    /// <param name="kind">The kind of prediction; not regression, which has no labels.</param>
    /// <param name="scores">The scores of one row.</param>
    /// <param name="threshold">Two classes: the probability of the second; anomalies: the score. Null: the likelier class; never anomalous.</param>
    public static int Of(TaskKind kind, ReadOnlySpan<float> scores, double? threshold)
    {
        if (kind == TaskKind.Anomaly)
        {
            return threshold is { } least && scores[0] >= (float)least ? 1 : 0;
        }

        if (threshold is { } second && scores.Length == 2)
        {
            return scores[1] >= (float)second ? 1 : 0;
        }

        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            best = scores[i] > scores[best] ? i : best;
        }

        return best;
    }
}
