using MathNet.Numerics.Distributions;
using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Core.Evaluation;

/// <summary>Finds where a model does worst, in the manner of Slice Finder (Y. Chung et al., "Automated Data Slicing for Model Validation", 2020).</summary>
/// <remarks>Every category, missing value and quantile range of every column, and pairs of the worst of them, is compared with the rest of the rows by
/// Welch's t-test on the loss per row, rows counting by their weight. Benjamini and Hochberg's procedure bounds the share of false discoveries over everything looked at.
/// O(columns × parts × rows + pairs × rows).</remarks>
public static class Slices
{
    private const int PairSources = 20;

    /// <summary>The slices, worst first: significant ones before others, then by how much their loss exceeds the rest's.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="table">The rows, with the columns to slice by and the target; rows without an answer are left out.</param>
    /// <param name="predictions">The predictions for the rows of <paramref name="table"/>.</param>
    /// <param name="columns">The columns to slice by, which need not be features; null for the task's features.</param>
    /// <param name="options">How to look; null for the defaults.</param>
    public static IReadOnlyList<Slice> Find(LearningTask task, DataTable table, Predictions predictions, IReadOnlyList<string>? columns = null, SliceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(table);
        options ??= new SliceOptions();
        ScoredRows rows = ScoredRows.Of(task, table[task.Target], predictions, weights: task.WeightsOf(table));
        Total total = new(Metric.RowLosses(rows), rows.Weights);

        // 1. One column at a time.
        List<Part> parts = [.. (columns ?? task.Features).SelectMany(name => Cut(table[name], rows.Rows, options)).Where(p => total.Fits(p, options))];
        List<(Part Part, Slice Slice)> found = [.. parts.Select(p => (p, total.Measure(p)))];

        // 2. Pairs of the worst.
        if (options.Pairs)
        {
            Part[] worst = [.. found.OrderBy(f => f.Slice.PValue).Take(PairSources).Select(f => f.Part)];
            for (int a = 0; a < worst.Length; a++)
            {
                for (int b = a + 1; b < worst.Length; b++)
                {
                    if (worst[a].Column != worst[b].Column)
                    {
                        Part both = new($"{worst[a].Column} and {worst[b].Column}", $"{worst[a].Description} and {worst[b].Description}", [.. worst[a].Rows.Intersect(worst[b].Rows)]);
                        if (total.Fits(both, options))
                        {
                            found.Add((both, total.Measure(both)));
                        }
                    }
                }
            }
        }

        // 3. Correct for how many were looked at.
        double bar = Bar([.. found.Select(f => f.Slice.PValue)], options.FalseDiscoveryRate);
        return [.. found
            .Select(f => f.Slice with { Significant = f.Slice.PValue <= bar })
            .OrderByDescending(s => s.Significant)
            .ThenByDescending(s => s.Loss - s.RestLoss)
            .ThenBy(s => s.Description, StringComparer.Ordinal)];
    }

    private static IEnumerable<Part> Cut(Column column, int[] rows, SliceOptions options)
    {
        int[] missing = [.. Enumerable.Range(0, rows.Length).Where(i => column.IsMissing(rows[i]))];
        yield return new Part(column.Name, $"{column.Name} is missing", missing);
        int[] present = [.. Enumerable.Range(0, rows.Length).Where(i => !column.IsMissing(rows[i]))];
        if (column is TextColumn)
        {
            foreach (IGrouping<string, int> group in present.GroupBy(i => column.Text(rows[i])!, StringComparer.Ordinal)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Take(options.Categories))
            {
                yield return new Part(column.Name, $"{column.Name} = {group.Key}", [.. group]);
            }

            yield break;
        }

        NumericColumn numbers = (NumericColumn)column;
        double Value(int i) => numbers.Values[rows[i]];
        int[] sorted = [.. present.OrderBy(Value)];
        int start = 0;
        for (int part = 1; part <= options.Parts && start < sorted.Length; part++)
        {
            // Equal values stay together.
            int end = Math.Max(start + 1, (int)((long)sorted.Length * part / options.Parts));
            while (end < sorted.Length && Value(sorted[end]) == Value(sorted[end - 1]))
            {
                end++;
            }

            string first = column.Text(rows[sorted[start]])!, last = column.Text(rows[sorted[end - 1]])!;
            yield return new Part(column.Name, first == last ? $"{column.Name} = {first}" : $"{column.Name} {first} … {last}", sorted[start..end]);
            start = end;
        }
    }

    /// <summary>The largest p-value that Benjamini and Hochberg's procedure accepts; negative when it accepts none.</summary>
    private static double Bar(double[] pValues, double rate)
    {
        Array.Sort(pValues);
        double bar = -1;
        for (int i = 0; i < pValues.Length; i++)
        {
            if (pValues[i] <= rate * (i + 1) / pValues.Length)
            {
                bar = pValues[i];
            }
        }

        return bar;
    }

    private sealed record Part(string Column, string Description, int[] Rows);

    /// <summary>The losses of all rows, to compare a part of them with the rest.</summary>
    private sealed class Total(double[] losses, double[] weights)
    {
        private readonly int _counted = weights.Count(w => w > 0);

        /// <summary>Whether enough rows that count lie in the part, and in the rest.</summary>
        public bool Fits(Part part, SliceOptions options)
        {
            int inside = part.Rows.Count(i => weights[i] > 0);
            return Math.Min(inside, _counted - inside) >= Math.Max(2, options.MinRows);
        }

        public Slice Measure(Part part)
        {
            bool[] member = new bool[losses.Length];
            foreach (int i in part.Rows)
            {
                member[i] = true;
            }

            Moments inside = Moments.Of(part.Rows, losses, weights);
            Moments outside = Moments.Of(Enumerable.Range(0, losses.Length).Where(i => !member[i]), losses, weights);
            double a = inside.VarianceOfMean, b = outside.VarianceOfMean;
            double p = inside.Mean > outside.Mean ? 0 : 1;
            if (a + b > 0)
            {
                double freedom = (a + b) * (a + b) / ((a * a / (inside.Rows - 1)) + (b * b / (outside.Rows - 1)));
                p = StudentT.CDF(0, 1, freedom, -(inside.Mean - outside.Mean) / Math.Sqrt(a + b));
            }
            else if (inside.Mean == outside.Mean || double.IsNaN(a + b))
            {
                p = 0.5;
            }

            return new Slice(part.Description, part.Rows.Length, inside.Mean, outside.Mean, p, false);
        }
    }

    /// <summary>Weighted sums over some rows: of the weights w, of w², of w·loss and of w·loss².</summary>
    private readonly record struct Moments(double Weight, double SquaredWeights, double Sum, double Squares)
    {
        /// <summary>So many rows of equal weight would say as much (L. Kish 1965).</summary>
        public double Rows => Weight * Weight / SquaredWeights;

        public double Mean => Sum / Weight;

        /// <summary>The squared standard error of the mean; NaN when less than two rows count.</summary>
        public double VarianceOfMean => Rows > 1 ? Math.Max(0, ((Squares / Weight) - (Mean * Mean)) / (Rows - 1)) : double.NaN;

        public static Moments Of(IEnumerable<int> rows, double[] losses, double[] weights)
        {
            double weight = 0, squaredWeights = 0, sum = 0, squares = 0;
            foreach (int i in rows)
            {
                weight += weights[i];
                squaredWeights += weights[i] * weights[i];
                sum += weights[i] * losses[i];
                squares += weights[i] * losses[i] * losses[i];
            }

            return new Moments(weight, squaredWeights, sum, squares);
        }
    }
}
