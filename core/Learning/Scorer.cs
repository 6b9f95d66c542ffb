using System.Text.Json.Serialization;
using Mlops.Core.Learning.Linear;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning;

/// <summary>The part of a model that turns features into predictions: either trees or a linear model.</summary>
public sealed class Scorer
{
    /// <summary>Wraps one of the two; the other is null.</summary>
    /// <exception cref="ArgumentException">Both or none are given.</exception>
    [JsonConstructor]
    public Scorer(TreeEnsemble? trees, LinearModel? linear)
    {
        if (trees is null == linear is null)
        {
            throw new ArgumentException("Expected either trees or a linear model.");
        }

        Trees = trees;
        Linear = linear;
    }

    /// <summary>Wraps trees.</summary>
    public Scorer(TreeEnsemble trees)
        : this(trees, null)
    {
    }

    /// <summary>Wraps a linear model.</summary>
    public Scorer(LinearModel linear)
        : this(null, linear)
    {
    }

    /// <summary>The trees, or null.</summary>
    public TreeEnsemble? Trees { get; }

    /// <summary>The linear model, or null.</summary>
    public LinearModel? Linear { get; }

    /// <summary>Scores per row.</summary>
    [JsonIgnore]
    public int Outputs => Trees?.Outputs ?? Linear!.Outputs;

    /// <summary>The features it was trained on.</summary>
    [JsonIgnore]
    public IReadOnlyList<FeatureColumn> Features => Trees?.Features ?? Linear!.Features;

    /// <summary>Predictions of every row.</summary>
    public Predictions Predict(FeatureMatrix x) => Trees?.Predict(x) ?? Linear!.Predict(x);

    /// <summary>Share of each feature in the decisions: trees by the total gain of their splits, a linear model by |coefficient| × standard deviation in training.</summary>
    /// <returns>One number ≥ 0 per feature; they sum to 1, or are all 0.</returns>
    public double[] Importance(FeatureMatrix train)
    {
        ArgumentNullException.ThrowIfNull(train);
        double[] importance = new double[Features.Count];
        if (Trees is not null)
        {
            foreach (DecisionTree tree in Trees.Trees)
            {
                for (int i = 0; i < tree.Nodes; i++)
                {
                    if (tree.Feature[i] >= 0)
                    {
                        importance[tree.Feature[i]] += tree.Gain[i];
                    }
                }
            }
        }
        else
        {
            for (int j = 0; j < importance.Length; j++)
            {
                double deviation = Deviation(train.Column(j));
                importance[j] = Linear!.Coefficients.Sum(c => Math.Abs(c[j])) * deviation;
            }
        }

        double total = importance.Sum();
        return total > 0 && double.IsFinite(total) ? [.. importance.Select(v => v / total)] : new double[importance.Length];
    }

    /// <summary>Adds nodes that compute the predictions [N, outputs] of double precision.</summary>
    /// <param name="graph">The graph to add to.</param>
    /// <param name="features">The features [N, F] of single precision, or null when there are none.</param>
    /// <param name="rows">A graph input that has N rows.</param>
    internal string Emit(OnnxGraph graph, string? features, string rows) => Trees is not null
        ? LinkExport.Emit(graph, TreeExport.Emit(graph, Trees, features, rows), Trees.Link)
        : LinkExport.Emit(graph, LinearExport.Emit(graph, Linear!, features, rows), Linear!.Link);

    private static double Deviation(ReadOnlySpan<float> values)
    {
        double mean = 0, squares = 0;
        int n = 0;
        foreach (float value in values)
        {
            if (float.IsFinite(value))
            {
                n++;
                double delta = value - mean;
                mean += delta / n;
                squares += delta * (value - mean);
            }
        }

        return n > 0 ? Math.Sqrt(squares / n) : 0;
    }
}
