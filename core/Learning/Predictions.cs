namespace Mlops.Core.Learning;

/// <summary>Scores of a model for some rows, row-major: per row one probability per class, or one predicted number.</summary>
public sealed class Predictions
{
    private readonly float[] _scores;

    /// <summary>Takes ownership of <paramref name="scores"/>, whose length is rows × <paramref name="width"/>.</summary>
    public Predictions(float[] scores, int width)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if (scores.Length % width != 0)
        {
            throw new ArgumentException($"{scores.Length} scores are not a whole number of rows of {width}.", nameof(scores));
        }

        _scores = scores;
        Width = width;
    }

    /// <summary>Rows scored.</summary>
    public int Rows => _scores.Length / Width;

    /// <summary>Two classes: the probability of the second from which on it is the label; null for the likelier one. Says how the scores are read, not what they are.</summary>
    public double? Threshold { get; private init; }

    /// <summary>The same scores, read with another threshold.</summary>
    public Predictions With(double? threshold) => new(_scores, Width) { Threshold = threshold };

    /// <summary>Scores per row.</summary>
    public int Width { get; }

    /// <summary>All scores, row-major.</summary>
    public ReadOnlySpan<float> Scores => _scores;

    /// <summary>The scores of one row (0-based).</summary>
    public ReadOnlySpan<float> Row(int row) => _scores.AsSpan(row * Width, Width);

    /// <summary>The index of the largest score of a row; the first of equal ones.</summary>
    public int Best(int row)
    {
        ReadOnlySpan<float> scores = Row(row);
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
        {
            if (scores[i] > scores[best])
            {
                best = i;
            }
        }

        return best;
    }
}
