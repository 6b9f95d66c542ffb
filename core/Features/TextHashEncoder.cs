using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>Free text as counts of its words and pairs of words, hashed into buckets.</summary>
/// <remarks>Words are what lies between spaces, upper and lower case apart. Only n-grams seen in training count, each in its bucket: that is what ONNX can
/// compute (<c>StringSplit</c> of operator set 20, ONNX Runtime 1.17 and later, and <c>TfIdfVectorizer</c>), and an n-gram never seen has nothing to say.</remarks>
public sealed record TextHashEncoder : FeatureEncoder
{
    private const int OperatorSet = 20;

    /// <summary>Reads a column of kind Text.</summary>
    /// <param name="input">The column.</param>
    /// <param name="buckets">Features, 1 … 65,536.</param>
    /// <param name="grams">Words, and pairs joined by a space, that count; distinct.</param>
    public TextHashEncoder(string input, int buckets, IReadOnlyList<string> grams)
        : base(input, ColumnKind.Text)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buckets, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buckets, 65_536);
        Buckets = buckets;
        Grams = grams;
    }

    /// <summary>Number of features.</summary>
    public int Buckets { get; }

    /// <summary>The n-grams that count.</summary>
    public IReadOnlyList<string> Grams { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [.. Enumerable.Range(0, Buckets).Select(b => new FeatureColumn($"{Input}: words {b}"))];

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        HashSet<string> known = new(Grams, StringComparer.Ordinal);
        for (int i = 0; i < column.Count; i++)
        {
            foreach (string gram in Words.Grams(column.Text(i) ?? ""))
            {
                if (known.Contains(gram))
                {
                    features[Words.Bucket(gram, Buckets)][i]++;
                }
            }
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph)
    {
        graph.RequireOperatorSet(OperatorSet);
        string[] single = [.. Grams.Where(g => !g.Contains(' ', StringComparison.Ordinal))];
        string[] pairs = [.. Grams.Where(g => g.Contains(' ', StringComparison.Ordinal))];

        // The operator's width ends at the highest index in use: a word that cannot occur, a space, stands for the last bucket.
        string[] pool = [.. single, " ", .. pairs.SelectMany(p => p.Split(' '))];
        long[] buckets = [.. single.Select(g => (long)Words.Bucket(g, Buckets)), Buckets - 1, .. pairs.Select(g => (long)Words.Bucket(g, Buckets))];
        string words = graph.FirstOutput("StringSplit", [graph.Node("Reshape", [Input, graph.Constant([-1L], 1)])], 2, OnnxGraph.Attribute("delimiter", " "));
        return graph.Node(
            "TfIdfVectorizer",
            [words],
            OnnxGraph.Attribute("mode", "TF"),
            OnnxGraph.Attribute("min_gram_length", 1),
            OnnxGraph.Attribute("max_gram_length", 2),
            OnnxGraph.Attribute("max_skip_count", 0),
            OnnxGraph.Attribute("ngram_counts", [0L, single.Length + 1]),
            OnnxGraph.Attribute("ngram_indexes", buckets),
            OnnxGraph.Attribute("pool_strings", pool));
    }
}
