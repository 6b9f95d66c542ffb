namespace Mlops.Core.Learning.Calibration;

/// <summary>The non-decreasing function nearest to some points in least squares, by pooling adjacent violators (M. Ayer et al. 1955), interpolated linearly.</summary>
/// <param name="X">Knots, ascending and distinct; at least one.</param>
/// <param name="Y">The function's values there, not descending.</param>
/// <remarks>Below the first and above the last knot the function is constant. Equal to scikit-learn's <c>IsotonicRegression(out_of_bounds="clip")</c>.</remarks>
public sealed record IsotonicRegression(double[] X, double[] Y)
{
    /// <summary>Fits. O(n log n).</summary>
    /// <param name="x">Positions, finite.</param>
    /// <param name="y">Values, finite.</param>
    /// <param name="weights">How much each point counts, at least one more than 0; empty for 1 each.</param>
    /// <exception cref="ArgumentException">There is no point that counts, or lengths differ.</exception>
    public static IsotonicRegression Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights = default)
    {
        List<Block> blocks = Pool(x, y, weights);
        List<double> knots = [];
        List<double> values = [];
        foreach (Block block in blocks)
        {
            knots.Add(block.First);
            values.Add(block.Mean);
            if (block.Last > block.First)
            {
                knots.Add(block.Last);
                values.Add(block.Mean);
            }
        }

        return new IsotonicRegression([.. knots], [.. values]);
    }

    /// <summary>Fits, then puts one knot at the centre of every block of equal values, knots at least <paramref name="spacing"/> apart.</summary>
    /// <remarks>The function then rises by at most 1/<paramref name="spacing"/> per unit of x where y lies in 0 … 1: two computations of x that differ in the last
    /// bit give nearly the same y, which a jump would not. Centred knots are also less biased (A. Oron, N. Flournoy, "Centered Isotonic Regression", 2017).</remarks>
    public static IsotonicRegression FitSmoothed(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double spacing, ReadOnlySpan<double> weights = default)
    {
        List<Block> merged = [];
        foreach (Block block in Pool(x, y, weights))
        {
            Block next = block;
            while (merged.Count > 0 && next.Centre - merged[^1].Centre < spacing)
            {
                next = merged[^1].With(next);
                merged.RemoveAt(merged.Count - 1);
            }

            merged.Add(next);
        }

        return new IsotonicRegression([.. merged.Select(b => b.Centre)], [.. merged.Select(b => b.Mean)]);
    }

    /// <summary>The function at <paramref name="x"/>.</summary>
    public double At(double x)
    {
        int above = Array.BinarySearch(X, x);
        if (above >= 0)
        {
            return Y[above];
        }

        above = ~above;
        if (above == 0)
        {
            return Y[0];
        }

        return above == X.Length ? Y[^1] : Y[above - 1] + ((Y[above] - Y[above - 1]) * ((x - X[above - 1]) / (X[above] - X[above - 1])));
    }

    private static List<Block> Pool(ReadOnlySpan<double> x, ReadOnlySpan<double> y, ReadOnlySpan<double> weights)
    {
        if (x.Length == 0 || x.Length != y.Length || (!weights.IsEmpty && (weights.Length != x.Length || !weights.ContainsAnyExcept(0.0))))
        {
            throw new ArgumentException($"Found {x.Length} positions, {y.Length} values and {weights.Length} weights; expected the same number, at least one that counts.", nameof(y));
        }

        double[] xs = x.ToArray();
        int[] order = [.. Enumerable.Range(0, xs.Length)];
        Array.Sort(xs, order);
        List<Block> blocks = [];
        int start = 0;
        while (start < xs.Length)
        {
            // Equal positions are one point: the function has one value there.
            int end = start;
            double sum = 0, count = 0;
            for (; end < xs.Length && xs[end] == xs[start]; end++)
            {
                double weight = weights.IsEmpty ? 1 : weights[order[end]];
                sum += weight * y[order[end]];
                count += weight;
            }

            Block next = new(xs[start], xs[start], xs[start] * count, sum, count);
            start = end;
            if (count == 0)
            {
                continue;
            }

            while (blocks.Count > 0 && blocks[^1].Mean >= next.Mean)
            {
                next = blocks[^1].With(next);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(next);
        }

        return blocks;
    }

    private readonly record struct Block(double First, double Last, double SumX, double SumY, double Count)
    {
        public double Mean => SumY / Count;

        public double Centre => SumX / Count;

        public Block With(Block next) => new(First, next.Last, SumX + next.SumX, SumY + next.SumY, Count + next.Count);
    }
}
