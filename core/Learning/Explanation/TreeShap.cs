using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Explanation;

/// <summary>Exact Shapley values of tree ensembles (Lundberg et al. 2020), of the raw scores before the link.</summary>
/// <remarks><para>Path-dependent: an unknown feature follows both children in proportion to their cover. A leaf of value v with features j on its path, oⱼ = 1 where
/// the row goes its way and zⱼ the share of cover that does, is a game v·Π oⱼ (known) · Π zⱼ (unknown). Because k!(d − 1 − k)!/d! = ∫₀¹ sᵏ(1 − s)ᵈ⁻¹⁻ᵏ ds, its Shapley
/// value is φᵢ = v (oᵢ − zᵢ) ∫₀¹ Πⱼ≠ᵢ (zⱼ(1 − s) + oⱼ s) ds: a polynomial of degree d − 1, which Gauss–Legendre quadrature with ⌈d/2⌉ nodes integrates exactly. All
/// terms are ≥ 0, so nothing cancels. O(leaves · d²/2) per row and tree, without the recursion of the usual algorithm.</para>
/// <para>Interventional: an unknown feature takes a background row's value; averaged over the background. With a features where only the row goes the leaf's way and b
/// where only the background row does (and none where neither), the values are v·(a − 1)!·b!/(a + b)! and −v·a!·(b − 1)!/(a + b)!. O(leaves · d) per row, background row and tree.</para></remarks>
public static class TreeShap
{
    private const int BlockRows = 64;

    /// <summary>Path-dependent values: needs no data but the covers that the trees carry.</summary>
    /// <param name="model">The ensemble.</param>
    /// <param name="x">The rows to explain.</param>
    /// <param name="threads">Threads at most; the values do not depend on it.</param>
    /// <param name="cancellationToken">Stops between two blocks of rows.</param>
    public static ShapValues Explain(TreeEnsemble model, FeatureMatrix x, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(model, x);
        LeafPaths[] paths = model.Trees.Select(t => new LeafPaths(t, model.Features)).ToArray();
        (double[] Nodes, double[] Weights)[] rules = Rules(paths);
        double[] expected = [.. model.BaseScores];
        for (int t = 0; t < paths.Length; t++)
        {
            foreach (LeafPaths.Leaf leaf in paths[t].Leaves)
            {
                double share = 1;
                foreach (LeafPaths.Condition condition in leaf.Path)
                {
                    share *= condition.Share;
                }

                AddLeaf(model.Trees[t], leaf.Node, model, model.Scale * share, expected, 0, 1);
            }
        }

        return Run(model, x, expected, threads, cancellationToken, (row, values) =>
        {
            Span<double> z = stackalloc double[64];
            Span<double> o = stackalloc double[64];
            Span<double> phi = stackalloc double[64];
            int most = paths.Length == 0 ? 0 : paths.Max(p => p.MaxFeatures);
            if (most > 64)
            {
                z = new double[most];
                o = new double[most];
                phi = new double[most];
            }

            for (int t = 0; t < paths.Length; t++)
            {
                foreach (LeafPaths.Leaf leaf in paths[t].Leaves)
                {
                    int d = leaf.Path.Length;
                    bool reachable = true;
                    for (int j = 0; j < d; j++)
                    {
                        z[j] = leaf.Path[j].Share;
                        o[j] = paths[t].Holds(leaf.Path[j], row) ? 1 : 0;
                        reachable &= z[j] + o[j] > 0;
                    }

                    if (d == 0 || !reachable)
                    {
                        continue;
                    }

                    Integrate(z[..d], o[..d], rules[d], phi[..d]);
                    for (int j = 0; j < d; j++)
                    {
                        AddLeaf(model.Trees[t], leaf.Node, model, model.Scale * phi[j], values, leaf.Path[j].Feature, model.Features.Count);
                    }
                }
            }
        });
    }

    /// <summary>Interventional values against a background sample (a hundred rows of the training data are usual).</summary>
    /// <param name="model">The ensemble.</param>
    /// <param name="x">The rows to explain.</param>
    /// <param name="background">The rows that stand for "unknown", at least one.</param>
    /// <param name="threads">Threads at most; the values do not depend on it.</param>
    /// <param name="cancellationToken">Stops between two blocks of rows.</param>
    public static ShapValues Explain(TreeEnsemble model, FeatureMatrix x, FeatureMatrix background, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(model, x);
        Check(model, background);
        ArgumentOutOfRangeException.ThrowIfZero(background.Rows);
        LeafPaths[] paths = model.Trees.Select(t => new LeafPaths(t, model.Features)).ToArray();
        bool[][][] others = Background(paths, background);
        double[] expected = new double[model.Width];
        double[] raw = new double[model.Width];
        float[] other = new float[background.Columns];
        for (int i = 0; i < background.Rows; i++)
        {
            background.CopyRow(i, other);
            model.Raw(other, raw);
            for (int k = 0; k < raw.Length; k++)
            {
                expected[k] += raw[k] / background.Rows;
            }
        }

        return Run(model, x, expected, threads, cancellationToken, (row, values) =>
        {
            for (int t = 0; t < paths.Length; t++)
            {
                int most = paths[t].MaxFeatures;
                bool[] own = new bool[most];
                double[] phi = new double[most];
                for (int l = 0; l < paths[t].Leaves.Length; l++)
                {
                    LeafPaths.Leaf leaf = paths[t].Leaves[l];
                    for (int j = 0; j < leaf.Path.Length; j++)
                    {
                        own[j] = paths[t].Holds(leaf.Path[j], row);
                    }

                    Array.Clear(phi);
                    Intervene(own.AsSpan(0, leaf.Path.Length), others[t][l], phi);
                    for (int j = 0; j < leaf.Path.Length; j++)
                    {
                        AddLeaf(model.Trees[t], leaf.Node, model, model.Scale * phi[j] / background.Rows, values, leaf.Path[j].Feature, model.Features.Count);
                    }
                }
            }
        });
    }

    /// <summary>φⱼ / v of one leaf.</summary>
    private static void Integrate(ReadOnlySpan<double> z, ReadOnlySpan<double> o, (double[] Nodes, double[] Weights) rule, Span<double> phi)
    {
        phi.Clear();
        for (int q = 0; q < rule.Nodes.Length; q++)
        {
            double s = rule.Nodes[q];
            double product = rule.Weights[q];
            for (int j = 0; j < z.Length; j++)
            {
                product *= z[j] + ((o[j] - z[j]) * s);
            }

            for (int j = 0; j < z.Length; j++)
            {
                phi[j] += product / (z[j] + ((o[j] - z[j]) * s));
            }
        }

        for (int j = 0; j < z.Length; j++)
        {
            phi[j] *= o[j] - z[j];
        }
    }

    /// <summary>Adds φⱼ / v of one leaf for every background row.</summary>
    private static void Intervene(ReadOnlySpan<bool> own, bool[] others, double[] phi)
    {
        int d = own.Length;
        for (int at = 0; at < others.Length; at += d)
        {
            int onlyOwn = 0;
            int onlyOther = 0;
            bool reachable = true;
            for (int j = 0; j < d && reachable; j++)
            {
                reachable = own[j] || others[at + j];
                onlyOwn += own[j] && !others[at + j] ? 1 : 0;
                onlyOther += !own[j] && others[at + j] ? 1 : 0;
            }

            if (!reachable || onlyOwn + onlyOther == 0)
            {
                continue;
            }

            double gain = onlyOwn > 0 ? InverseChoice(onlyOwn + onlyOther, onlyOwn) / onlyOwn : 0;
            double loss = onlyOther > 0 ? InverseChoice(onlyOwn + onlyOther, onlyOther) / onlyOther : 0;
            for (int j = 0; j < d; j++)
            {
                phi[j] += own[j] == others[at + j] ? 0 : own[j] ? gain : -loss;
            }
        }
    }

    /// <summary>1 / C(n, k) = k!(n − k)!/n!.</summary>
    private static double InverseChoice(int n, int k)
    {
        double value = 1;
        for (int i = 1; i <= k; i++)
        {
            value *= (double)i / (n - k + i);
        }

        return value;
    }

    private static bool[][][] Background(LeafPaths[] paths, FeatureMatrix background)
    {
        bool[][][] holds = paths.Select(p => p.Leaves.Select(l => new bool[l.Path.Length * background.Rows]).ToArray()).ToArray();
        float[] row = new float[background.Columns];
        for (int i = 0; i < background.Rows; i++)
        {
            background.CopyRow(i, row);
            for (int t = 0; t < paths.Length; t++)
            {
                for (int l = 0; l < holds[t].Length; l++)
                {
                    LeafPaths.Condition[] path = paths[t].Leaves[l].Path;
                    for (int j = 0; j < path.Length; j++)
                    {
                        holds[t][l][(i * path.Length) + j] = paths[t].Holds(path[j], row);
                    }
                }
            }
        }

        return holds;
    }

    private static (double[] Nodes, double[] Weights)[] Rules(LeafPaths[] paths)
    {
        int most = paths.Length == 0 ? 0 : paths.Max(p => p.MaxFeatures);
        return Enumerable.Range(0, most + 1).Select(d => GaussLegendre.Rule((d + 1) / 2)).ToArray();
    }

    /// <summary>Adds factor × the leaf's values to values[(output · stride) + at].</summary>
    private static void AddLeaf(DecisionTree tree, int node, TreeEnsemble model, double factor, Span<double> values, int at, int stride)
    {
        if (tree.Output >= 0)
        {
            values[(tree.Output * stride) + at] += factor * tree.Values[node];
            return;
        }

        for (int k = 0; k < model.Width; k++)
        {
            values[(k * stride) + at] += factor * tree.Values[(node * model.Width) + k];
        }
    }

    private static void Check(TreeEnsemble model, FeatureMatrix x)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(x);
        if (x.Columns != model.Features.Count)
        {
            throw new ArgumentException($"The matrix has {x.Columns} columns; the model was trained on {model.Features.Count}.", nameof(x));
        }
    }

    private delegate void ExplainRow(ReadOnlySpan<float> row, Span<double> values);

    private static ShapValues Run(TreeEnsemble model, FeatureMatrix x, double[] expected, int threads, CancellationToken cancellationToken, ExplainRow explain)
    {
        int size = model.Width * model.Features.Count;
        double[] values = new double[(long)x.Rows * size];
        Parallel.For(0, (x.Rows + BlockRows - 1) / BlockRows, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, block =>
        {
            float[] row = new float[x.Columns];
            for (int i = block * BlockRows; i < Math.Min(x.Rows, (block + 1) * BlockRows); i++)
            {
                x.CopyRow(i, row);
                explain(row, values.AsSpan(i * size, size));
            }
        });
        return new ShapValues(values, expected, model.Features.Count);
    }
}
