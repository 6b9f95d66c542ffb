using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Learning.Calibration;

/// <summary>A non-decreasing function per class, then scaled to sum 1 (B. Zadrozny and C. Elkan 2002); for two classes the second's function decides.</summary>
/// <param name="Functions">One per class; for two classes one, for the second.</param>
public sealed record IsotonicCalibrator(IReadOnlyList<IsotonicRegression> Functions) : ProbabilityCalibrator
{
    /// <summary>Least distance of knots: bounds how much a difference in the last bit of a probability can grow.</summary>
    private const double Spacing = 0.02;

    /// <summary>Fits on rows that the model was not trained on.</summary>
    /// <remarks>No probability becomes 0 or 1: the functions end 1/(rows + 2) away, so that a surprise costs a finite log loss.</remarks>
    /// <param name="predictions">Predictions of rows that the model was not trained on.</param>
    /// <param name="classes">Per row the index of its class.</param>
    /// <param name="weights">Per row how much it counts, at least one more than 0; empty for 1 each. They count as (Σw)² / Σw² rows.</param>
    public static IsotonicCalibrator Fit(Predictions predictions, ReadOnlySpan<int> classes, ReadOnlySpan<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        int[] truth = classes.ToArray();
        double[] counts = weights.IsEmpty ? [.. truth.Select(_ => 1.0)] : weights.ToArray();
        int[] modelled = predictions.Width == 2 ? [1] : [.. Enumerable.Range(0, predictions.Width)];
        double least = 1 / ((counts.Sum() * counts.Sum() / counts.Sum(w => w * w)) + 2);
        List<IsotonicRegression> functions = [];
        foreach (int c in modelled)
        {
            double[] x = [.. Enumerable.Range(0, truth.Length).Select(i => (double)predictions.Row(i)[c])];
            double[] y = [.. truth.Select(t => t == c ? 1.0 : 0)];
            IsotonicRegression fitted = IsotonicRegression.FitSmoothed(x, y, Spacing, counts);
            functions.Add(fitted with { Y = [.. fitted.Y.Select(v => Math.Clamp(v, least, 1 - least))] });
        }

        return new IsotonicCalibrator(functions);
    }

    /// <inheritdoc/>
    public override void Apply(Span<float> probabilities)
    {
        if (probabilities.Length == 2)
        {
            double p = Functions[0].At(probabilities[1]);
            probabilities[0] = (float)(1 - p);
            probabilities[1] = (float)p;
            return;
        }

        Span<double> values = probabilities.Length <= 256 ? stackalloc double[probabilities.Length] : new double[probabilities.Length];
        double sum = 0;
        for (int k = 0; k < values.Length; k++)
        {
            values[k] = Functions[k].At(probabilities[k]);
            sum += values[k];
        }

        for (int k = 0; k < values.Length; k++)
        {
            probabilities[k] = (float)(values[k] / sum);
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph, string probabilities)
    {
        if (Functions.Count == 1)
        {
            string p = At(graph, Functions[0], Column(graph, probabilities, 1));
            return graph.Concat([graph.Node("Sub", [graph.Scalar(1.0), p]), p]);
        }

        string values = graph.Concat([.. Functions.Select((f, k) => At(graph, f, Column(graph, probabilities, k)))]);
        return graph.Node("Div", [values, graph.Node("ReduceSum", [values, graph.Constant([1L], 1)], OnnxGraph.Attribute("keepdims", 1))]);
    }

    private static string Column(OnnxGraph graph, string matrix, int column) =>
        graph.Node("Gather", [matrix, graph.Constant([(long)column], 1)], OnnxGraph.Attribute("axis", 1));

    /// <summary>The function of [N, 1]: the segment is found by counting the knots below.</summary>
    private static string At(OnnxGraph graph, IsotonicRegression function, string x)
    {
        int knots = function.X.Length;
        if (knots == 1)
        {
            return graph.Node("Add", [graph.Node("Mul", [x, graph.Scalar(0.0)]), graph.Scalar(function.Y[0])]);
        }

        string inside = graph.Node("Clip", [x, graph.Scalar(function.X[0]), graph.Scalar(function.X[^1])]);
        string? segment = null;
        if (knots > 2)
        {
            string passed = graph.Cast(graph.Node("Greater", [inside, graph.Constant(function.X.AsSpan(1..^1), 1, knots - 2)]), OnnxType.Int64);
            segment = graph.Node("ReduceSum", [passed, graph.Constant([1L], 1)], OnnxGraph.Attribute("keepdims", 1));
        }

        string Pick(IEnumerable<double> values) => segment is null
            ? graph.Scalar(values.Single())
            : graph.Node("Gather", [graph.Constant([.. values], knots - 1), segment], OnnxGraph.Attribute("axis", 0));
        string share = graph.Node("Div", [graph.Node("Sub", [inside, Pick(function.X.SkipLast(1))]), Pick(function.X.Skip(1).Zip(function.X, (b, a) => b - a))]);
        return graph.Node("Add", [Pick(function.Y.SkipLast(1)), graph.Node("Mul", [share, Pick(function.Y.Skip(1).Zip(function.Y, (b, a) => b - a))])]);
    }
}
