using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>0/1 columns, computed ahead of the trees, that say whether a category lies in the set of a split: a categorical split is then one comparison, as every other.</summary>
/// <remarks>A column is 1 where the category goes the other way than a missing value. Splits with the same set share a column, and one lookup in a table of
/// categories × columns gives all columns of a feature. At most <see cref="MaxColumns"/> sets have one, those that would cost most otherwise: the columns of a row
/// are memory while it is scored, and the tables, of <see cref="MaxCells"/> numbers at most, are a part of the file.</remarks>
internal sealed class MembershipColumns
{
    /// <summary>Columns of all features at most: 16 KiB of a row.</summary>
    public const int MaxColumns = 4096;

    /// <summary>Numbers of all tables at most: 16 MB.</summary>
    public const int MaxCells = 4_000_000;

    /// <summary>Between 0 and 1.</summary>
    public const float Threshold = 0.5f;

    private readonly IReadOnlyList<FeatureColumn> _features;
    private readonly Dictionary<(int Feature, string Set), int> _columns = [];
    private readonly List<(int Feature, bool[] Set)> _sets = [];

    private MembershipColumns(IReadOnlyList<FeatureColumn> features) => _features = features;

    /// <summary>Columns in all.</summary>
    public int Count => _sets.Count;

    /// <summary>The columns for the splits of some trees.</summary>
    public static MembershipColumns Of(TreeEnsemble ensemble)
    {
        // 1. What each set would cost as a chain of comparisons: its length, for every split.
        MembershipColumns columns = new(ensemble.Features);
        Dictionary<(int Feature, string Set), (bool[] Set, long Cost)> costs = [];
        foreach (DecisionTree tree in ensemble.Trees)
        {
            for (int i = 0; i < tree.Nodes; i++)
            {
                if (tree.LeftCodes[i] is not null)
                {
                    bool[] set = columns.Set(tree, i);
                    int ones = set.Count(code => code);
                    (int, string) key = Key(tree.Feature[i], set);
                    costs[key] = (set, costs.GetValueOrDefault(key).Cost + Math.Min(ones, set.Length - ones));
                }
            }
        }

        // 2. The dearest ones that fit, feature by feature.
        long cells = 0;
        List<((int Feature, string Set) Key, bool[] Set)> chosen = [];
        foreach (((int, string) key, (bool[] set, _)) in costs.OrderByDescending(c => c.Value.Cost).ThenBy(c => c.Key.Feature).ThenBy(c => c.Key.Set, StringComparer.Ordinal))
        {
            if (chosen.Count < MaxColumns && cells + set.Length + 1 <= MaxCells)
            {
                cells += set.Length + 1;
                chosen.Add((key, set));
            }
        }

        foreach (((int Feature, string Set) key, bool[] set) in chosen.OrderBy(c => c.Key.Feature).ThenBy(c => c.Key.Set, StringComparer.Ordinal))
        {
            columns._columns.Add(key, columns._sets.Count);
            columns._sets.Add((key.Feature, set));
        }

        return columns;
    }

    /// <summary>The column of a categorical split; null when it has none.</summary>
    public int? Of(DecisionTree tree, int node) => _columns.TryGetValue(Key(tree.Feature[node], Set(tree, node)), out int column) ? column : null;

    /// <summary>Adds nodes that compute the columns, one block [N, columns] per feature.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="features">The features [N, F] of single precision.</param>
    public IEnumerable<string> Emit(OnnxGraph graph, string features)
    {
        foreach (IGrouping<int, bool[]> feature in _sets.GroupBy(set => set.Feature, set => set.Set))
        {
            bool[][] sets = [.. feature];
            int rows = _features[feature.Key].Cardinality + 1;
            float[] table = new float[rows * sets.Length];
            for (int i = 0; i < table.Length; i++)
            {
                // The last row is that of a missing value, whose code is −1: an index from the end.
                table[i] = i / sets.Length < rows - 1 && sets[i % sets.Length][i / sets.Length] ? 1 : 0;
            }

            string code = graph.Cast(graph.Node("Gather", [features, graph.Scalar((long)feature.Key)], OnnxGraph.Attribute("axis", 1)), OnnxType.Int64);
            yield return graph.Node("Gather", [graph.Constant(table, rows, sets.Length), code], OnnxGraph.Attribute("axis", 0));
        }
    }

    /// <summary>Per code of a split's feature whether it goes the other way than a missing value.</summary>
    private bool[] Set(DecisionTree tree, int node)
    {
        bool[] set = new bool[_features[tree.Feature[node]].Cardinality];
        Array.Fill(set, tree.MissingLeft[node]);
        foreach (int code in tree.LeftCodes[node]!)
        {
            set[code] = !tree.MissingLeft[node];
        }

        return set;
    }

    private static (int Feature, string Set) Key(int feature, bool[] set)
    {
        char[] bits = new char[(set.Length + 7) / 8];
        for (int code = 0; code < set.Length; code++)
        {
            bits[code / 8] |= (char)(set[code] ? 1 << (code % 8) : 0);
        }

        return (feature, new string(bits));
    }
}
