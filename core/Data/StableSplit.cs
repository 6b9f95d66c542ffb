namespace Mlops.Core.Data;

/// <summary>Splits rows by their content, so that a row never moves: not when rows are added, reordered or come again in another batch.</summary>
/// <remarks>Each row is decided alone, from its <see cref="RowHash"/> and the seed; equal rows stay together. Sizes are therefore binomial, not exact, and a part can be empty when there are few rows.</remarks>
public static class StableSplit
{
    private const ulong HoldoutStream = 0x686F6C646F757400;
    private const ulong FoldStream = 0x666F6C6473000000;

    /// <summary>Rows (0-based, ascending) for training and for the hold-out.</summary>
    /// <param name="hashes">One <see cref="RowHash"/> per row.</param>
    /// <param name="holdoutFraction">The probability of a row to be held out, 0 … 1. A row held out at a smaller fraction is held out at every larger one.</param>
    /// <param name="seed">Another seed gives an independent split.</param>
    public static (int[] Train, int[] Holdout) By(ReadOnlySpan<ulong> hashes, double holdoutFraction, ulong seed)
    {
        if (!(holdoutFraction is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(holdoutFraction), holdoutFraction, "The hold-out fraction must lie in 0 … 1.");
        }

        ulong stream = RowHash.Mix(seed ^ HoldoutStream);
        List<int> train = new(hashes.Length);
        List<int> holdout = [];
        for (int row = 0; row < hashes.Length; row++)
        {
            // 53 bits make a uniform double in [0, 1).
            double uniform = (RowHash.Mix(hashes[row] ^ stream) >> 11) * (1.0 / (1L << 53));
            (uniform < holdoutFraction ? holdout : train).Add(row);
        }

        return ([.. train], [.. holdout]);
    }

    /// <summary>The fold of each row, 0 … <paramref name="folds"/> − 1, independent of the hold-out split of the same seed.</summary>
    /// <param name="hashes">One <see cref="RowHash"/> per row.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">Another seed gives an independent assignment.</param>
    public static int[] Folds(ReadOnlySpan<ulong> hashes, int folds, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ulong stream = RowHash.Mix(seed ^ FoldStream);
        int[] assigned = new int[hashes.Length];
        for (int row = 0; row < assigned.Length; row++)
        {
            assigned[row] = (int)Math.BigMul(RowHash.Mix(hashes[row] ^ stream), (ulong)folds, out _);
        }

        return assigned;
    }
}
