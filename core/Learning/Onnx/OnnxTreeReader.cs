using System.Buffers.Binary;
using Google.Protobuf;
using Mlops.Core.Learning.Onnx.Format;
using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Reads the tree ensemble of an ONNX file of any origin, so that it can be explained as ours are.</summary>
/// <remarks>Reads <c>TreeEnsembleRegressor</c> and <c>TreeEnsembleClassifier</c> of <c>ai.onnx.ml</c> 1 … 4 with single-precision thresholds. Every branch mode becomes
/// x ≤ threshold: x &lt; t is x ≤ the float before t, and the opposite modes exchange the children. Equality becomes a categorical split where a feature is
/// compared with whole numbers ≥ −1 (or such numbers and a half, as we write them) by equality only (a chain of comparisons becomes one split), and two nested splits elsewhere;
/// so does a comparison of one of our <see cref="MembershipColumns"/>.
/// Nothing in the file is executed; sizes are bounded, and an index out of range is an error.</remarks>
public static class OnnxTreeReader
{
    private const int MaxNodes = 10_000_000;
    private const int MaxFeatures = 1_000_000;
    private const int MaxOutputs = 10_000;

    /// <summary>Reads the one tree ensemble of a model.</summary>
    /// <exception cref="FormatException">The bytes are not an ONNX model, it has no tree ensemble or several, or the ensemble is not well-formed or of an unsupported kind.</exception>
    public static OnnxTrees Read(ReadOnlySpan<byte> model)
    {
        OnnxFile.Check(model);
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new FormatException($"The bytes are not an ONNX model: {error.Message}", error);
        }

        NodeProto[] nodes = [.. (proto.Graph ?? new GraphProto()).Node.Where(n => n.OpType is "TreeEnsembleRegressor" or "TreeEnsembleClassifier")];
        if (nodes.Length != 1 || nodes[0].Input.Count < 1 || nodes[0].Output.Count < 1)
        {
            throw new FormatException($"The model has {nodes.Length} TreeEnsembleRegressor or TreeEnsembleClassifier operators; expected exactly one, with an input and an output.");
        }

        (string features, IReadOnlyList<MembershipReader.CodeSet> sets) = MembershipReader.Read(proto.Graph!, nodes[0].Input[0]);
        (TreeEnsemble ensemble, bool hasCover) = Build(new TreeAttributes(nodes[0], sets));
        return new OnnxTrees(Follow(proto.Graph!, nodes[0], ensemble), features, proto.Graph!.Input.Any(i => i.Name == features), hasCover);
    }

    private static (TreeEnsemble Ensemble, bool HasCover) Build(TreeAttributes a)
    {
        int width = Math.Max(1, a.LeafTargets.Length == 0 ? 1 : checked((int)a.LeafTargets.Max()) + 1);
        if (a.Classifier)
        {
            // Two classes whose leaves all speak of one: a single raw score.
            width = a.Classes == 2 && a.LeafTargets.Distinct().Count() <= 1 ? 1 : Math.Max(width, a.Classes);
        }
        else
        {
            width = Math.Max(width, a.Targets);
        }

        if (width > MaxOutputs || a.LeafTargets.Any(t => t < 0))
        {
            throw new FormatException($"The tree ensemble has {width} outputs or a negative one; expected 1 … {MaxOutputs}.");
        }

        int[] equalityOnly = a.FeaturesComparedByEqualityOnly();
        int features = a.Features.Length == 0 ? 1 : checked((int)a.Features.Max()) + 1;
        if (features > MaxFeatures || a.Features.Any(f => f < 0))
        {
            throw new FormatException($"The tree ensemble reads feature {features - 1}; expected 0 … {MaxFeatures - 1}.");
        }

        FeatureColumn[] columns = [.. Enumerable.Range(0, features).Select(f => new FeatureColumn($"feature {f}", equalityOnly.Contains(f) ? OnnxTreeBuilder.Codes : 0))];
        OnnxTreeBuilder builder = new(a, columns, width, MaxNodes);
        double[] bases = new double[width];
        for (int k = 0; k < Math.Min(width, a.BaseValues.Length); k++)
        {
            bases[k] = a.BaseValues[^(width == 1 ? 1 : width - k)];
        }

        TreeEnsemble ensemble = new()
        {
            Features = columns,
            Trees = [.. a.TreeIds.Distinct().Order().Select(builder.Build)],
            BaseScores = bases,
            Average = a.Aggregate == "AVERAGE",
            Link = a.PostTransform switch
            {
                "NONE" when a.Classifier && a.Classes == 2 && width == 1 => Link.Probability,
                "NONE" => Link.Identity,
                "LOGISTIC" when width == 1 => Link.Sigmoid,
                "SOFTMAX" when width > 1 => Link.Softmax,
                _ => throw new FormatException($"The tree ensemble has post transform {a.PostTransform} with {width} score(s); expected NONE, LOGISTIC of one or SOFTMAX of several."),
            },
        };
        return (ensemble, a.HitRates.Any(h => h > 0));
    }

    /// <summary>Takes in the casts, factor and offset that directly follow the operator.</summary>
    private static TreeEnsemble Follow(GraphProto graph, NodeProto node, TreeEnsemble ensemble)
    {
        if (node.OpType == "TreeEnsembleClassifier")
        {
            return ensemble;
        }

        Dictionary<string, TensorProto> constants = graph.Initializer.GroupBy(i => i.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        string tensor = node.Output[0];
        double scale = 1;
        double[] bases = [.. ensemble.BaseScores];
        for (int step = 0; step < 8; step++)
        {
            NodeProto[] readers = [.. graph.Node.Where(n => n.Input.Contains(tensor))];
            if (readers.Length != 1 || readers[0].Output.Count != 1)
            {
                break;
            }

            NodeProto reader = readers[0];
            double[]? constant = reader.Input.Where(constants.ContainsKey).Select(i => Numbers(constants[i])).FirstOrDefault();
            if (reader.OpType is "Mul" && constant is { Length: 1 })
            {
                scale *= constant[0];
                bases = [.. bases.Select(b => b * constant[0])];
            }
            else if (reader.OpType is "Add" && constant is not null && (constant.Length == bases.Length || constant.Length == 1))
            {
                bases = [.. bases.Select((b, k) => b + constant[constant.Length == 1 ? 0 : k])];
            }
            else if (reader.OpType is not ("Cast" or "Identity"))
            {
                break;
            }

            tensor = reader.Output[0];
        }

        return new TreeEnsemble
        {
            Features = ensemble.Features,
            Trees = scale == 1 || ensemble.Trees.Count == 0 || Math.Abs((scale * ensemble.Trees.Count) - 1) < 1e-9 ? ensemble.Trees : [.. ensemble.Trees.Select(t => Scaled(t, scale))],
            BaseScores = bases,
            Link = ensemble.Link,
            Average = ensemble.Average || (scale != 1 && Math.Abs((scale * ensemble.Trees.Count) - 1) < 1e-9),
        };
    }

    private static double[] Numbers(TensorProto tensor)
    {
        ReadOnlySpan<byte> raw = tensor.RawData.Span;
        List<double> values = [.. tensor.FloatData.Select(v => (double)v), .. tensor.DoubleData];
        int size = tensor.DataType == (int)OnnxType.Double ? sizeof(double) : sizeof(float);
        if (tensor.DataType is (int)OnnxType.Double or (int)OnnxType.Float)
        {
            for (int i = 0; i + size <= raw.Length; i += size)
            {
                values.Add(size == sizeof(double) ? BinaryPrimitives.ReadDoubleLittleEndian(raw[i..]) : BinaryPrimitives.ReadSingleLittleEndian(raw[i..]));
            }
        }

        return [.. values];
    }

    private static DecisionTree Scaled(DecisionTree tree, double scale) => new()
    {
        Feature = tree.Feature,
        Threshold = tree.Threshold,
        MissingLeft = tree.MissingLeft,
        Left = tree.Left,
        Right = tree.Right,
        LeftCodes = tree.LeftCodes,
        Values = [.. tree.Values.Select(v => (float)(v * scale))],
        Cover = tree.Cover,
        Gain = tree.Gain,
        Output = tree.Output,
    };
}
