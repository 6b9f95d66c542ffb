using System.Globalization;
using System.Text;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Checks an ONNX file before any library builds it in memory: only known operators, nothing outside of the file, every size as declared and within bounds.</summary>
/// <remarks>One walk over the bytes of the file, no recursion, memory only for the names of tensors. What the format offers besides a flat graph of standard operators
/// (external data, subgraphs, local functions, training graphs, sparse tensors, operators of other domains) is refused rather than checked. The order of
/// the operators, which the format prescribes, excludes cycles.</remarks>
public sealed class OnnxFile
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    private readonly OnnxLimits _limits;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private int _nodes;
    private int _tensors;
    private int _values;
    private int _names;

    private OnnxFile(OnnxLimits limits) => _limits = limits;

    /// <summary>Passes when the file may be given to a reader or a runtime.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="limits">The bounds; null for the defaults.</param>
    /// <exception cref="FormatException">What was found, and what is expected.</exception>
    public static void Check(ReadOnlySpan<byte> file, OnnxLimits? limits = null)
    {
        OnnxFile check = new(limits ?? OnnxLimits.Default);
        try
        {
            check.Model(file);
        }
        catch (Exception error) when (error is FormatException or DecoderFallbackException or OverflowException)
        {
            throw new FormatException($"The ONNX file is refused: found {(error is FormatException ? error.Message : "a name or size that cannot be read")}. Expected one graph of standard tabular operators with all its data inside the file.", error);
        }
    }

    private void Model(ReadOnlySpan<byte> file)
    {
        Bound(file.Length, _limits.MaxBytes, "bytes");
        ReadOnlySpan<byte> graph = default;
        bool found = false;
        WireReader model = new(file);
        while (model.Next())
        {
            switch (model.Field)
            {
                case 7:
                    Refuse(found, "two graphs");
                    found = true;
                    graph = model.Bytes();
                    break;
                case 8:
                    OperatorSet(model.Bytes());
                    break;
                case 20:
                    throw new FormatException("a training graph");
                case 25:
                    throw new FormatException("a function of its own");
                case 1 or 2 or 3 or 4 or 5 or 6 or 14:
                    model.Skip();
                    break;
                default:
                    throw Unknown(model.Field, "model");
            }
        }

        Refuse(!found, "no graph");
        Declarations(graph);
        Nodes(graph);
    }

    private static void OperatorSet(ReadOnlySpan<byte> message)
    {
        WireReader set = new(message);
        while (set.Next())
        {
            if (set.Field == 1)
            {
                string domain = Shown(set.Bytes());
                Refuse(!OnnxOperators.StandardDomains.Contains(domain) && domain != OnnxOperators.MachineLearningDomain, $"operators of the domain '{domain}'");
            }
            else
            {
                set.Skip();
            }
        }
    }

    // What the operators may read; the format allows it to stand behind them.
    private void Declarations(ReadOnlySpan<byte> message)
    {
        WireReader graph = new(message);
        while (graph.Next())
        {
            switch (graph.Field)
            {
                case 1 or 2 or 10 or 16:
                    graph.Skip();
                    break;
                case 5:
                    _known.Add(Tensor(graph.Bytes()));
                    break;
                case 11:
                    _known.Add(Value(graph.Bytes()));
                    break;
                case 12 or 13:
                    Value(graph.Bytes());
                    break;
                case 15:
                    throw new FormatException("a sparse tensor");
                default:
                    throw Unknown(graph.Field, "graph");
            }
        }
    }

    private void Nodes(ReadOnlySpan<byte> message)
    {
        WireReader graph = new(message);
        while (graph.Next())
        {
            if (graph.Field != 1)
            {
                graph.Skip();
                continue;
            }

            Bound(++_nodes, _limits.MaxNodes, "operators");
            Node(graph.Bytes());
        }
    }

    private void Node(ReadOnlySpan<byte> message)
    {
        string domain = string.Empty;
        string op = string.Empty;
        int attributes = 0;
        WireReader node = new(message);
        while (node.Next())
        {
            switch (node.Field)
            {
                case 1:
                    string input = Name(node.Bytes());
                    if (input.Length > 0 && !_known.Contains(input))
                    {
                        throw new FormatException($"operator {_nodes} reading '{Excerpt(input)}', which nothing before it writes: a cycle or a missing tensor");
                    }

                    break;
                case 2 or 3 or 6 or 9:
                    node.Skip();
                    break;
                case 4:
                    op = Name(node.Bytes());
                    break;
                case 5:
                    Bound(++attributes, _limits.MaxAttributes, "attributes of one operator");
                    Attribute(node.Bytes());
                    break;
                case 7:
                    domain = Name(node.Bytes());
                    break;
                default:
                    throw Unknown(node.Field, "operator");
            }
        }

        bool allowed = OnnxOperators.StandardDomains.Contains(domain) ? OnnxOperators.Standard.Contains(op)
            : domain == OnnxOperators.MachineLearningDomain && OnnxOperators.MachineLearning.Contains(op);
        if (!allowed)
        {
            throw new FormatException($"the operator '{Excerpt(op)}'{(domain.Length > 0 ? $" of the domain '{Excerpt(domain)}'" : string.Empty)}, which is not one of those allowed");
        }

        if (op == OnnxOperators.TextColumns)
        {
            Columns(message);
        }

        Outputs(message);
    }

    // Its greatest index is the width of what it writes, so that one number could ask for any amount of memory.
    private void Columns(ReadOnlySpan<byte> message)
    {
        WireReader node = new(message);
        while (node.Next())
        {
            if (node.Field != 5)
            {
                node.Skip();
                continue;
            }

            WireReader attribute = new(node.Bytes());
            while (attribute.Next())
            {
                if (attribute.Field != 8)
                {
                    attribute.Skip();
                }
                else if (attribute.Type == WireType.Varint)
                {
                    Bound((long)Math.Min(attribute.Varint(), long.MaxValue), _limits.MaxTensors, "columns of a text");
                }
                else
                {
                    ReadOnlySpan<byte> packed = attribute.Bytes();
                    while (WireReader.TryTakeVarint(ref packed, out ulong index))
                    {
                        Bound((long)Math.Min(index, long.MaxValue), _limits.MaxTensors, "columns of a text");
                    }
                }
            }
        }
    }

    // Behind the inputs: an operator that reads its own output is a cycle.
    private void Outputs(ReadOnlySpan<byte> message)
    {
        WireReader node = new(message);
        while (node.Next())
        {
            if (node.Field != 2)
            {
                node.Skip();
                continue;
            }

            string output = Name(node.Bytes());
            if (output.Length > 0 && !_known.Add(output))
            {
                throw new FormatException($"operator {_nodes} writing '{Excerpt(output)}', which exists already");
            }
        }
    }

    private void Attribute(ReadOnlySpan<byte> message)
    {
        long floats = 0;
        long integers = 0;
        long texts = 0;
        WireReader attribute = new(message);
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1 or 2 or 3 or 4 or 13 or 20:
                    attribute.Skip();
                    break;
                case 5:
                    Tensor(attribute.Bytes());
                    break;
                case 7:
                    floats += attribute.CountNumbers(WireType.Fixed32);
                    break;
                case 8:
                    integers += attribute.CountNumbers(WireType.Varint);
                    break;
                case 9:
                    texts++;
                    attribute.Skip();
                    break;
                case 6 or 11:
                    throw new FormatException("a graph inside an operator (control flow)");
                case 10 or 22 or 23:
                    throw new FormatException("a list of tensors or a sparse tensor as an attribute");
                default:
                    throw Unknown(attribute.Field, "attribute");
            }

            Bound(Math.Max(floats, Math.Max(integers, texts)), _limits.MaxListValues, "values in an attribute");
        }
    }

    /// <summary>Checks a constant: its data is here, and as much as its dimensions say. Returns its name.</summary>
    private string Tensor(ReadOnlySpan<byte> message)
    {
        Bound(++_tensors, _limits.MaxTensors, "constant tensors");
        string name = string.Empty;
        List<long> dimensions = [];
        ulong type = 0;
        long rawBytes = 0;
        long values = 0;
        WireReader tensor = new(message);
        while (tensor.Next())
        {
            switch (tensor.Field)
            {
                case 1:
                    Dimensions(ref tensor, dimensions);
                    break;
                case 2:
                    type = tensor.Varint();
                    break;
                case 4:
                    values += tensor.CountNumbers(WireType.Fixed32);
                    break;
                case 5 or 7 or 11:
                    values += tensor.CountNumbers(WireType.Varint);
                    break;
                case 6:
                    values++;
                    tensor.Skip();
                    break;
                case 8:
                    name = Name(tensor.Bytes());
                    break;
                case 9:
                    rawBytes += tensor.Bytes().Length;
                    break;
                case 10:
                    values += tensor.CountNumbers(WireType.Fixed64);
                    break;
                case 12 or 16:
                    tensor.Skip();
                    break;
                case 14 when tensor.Type == WireType.Varint && tensor.Varint() == 0:
                    break;
                case 13 or 14:
                    throw new FormatException($"the tensor '{Excerpt(name)}' with its data in another file");
                default:
                    throw Unknown(tensor.Field, "tensor");
            }
        }

        int width = Width(type);
        long elements = 1;
        foreach (long dimension in dimensions)
        {
            elements = checked(elements * dimension);
            Bound(elements, _limits.MaxTensorElements, "elements in a tensor");
        }

        bool whole = rawBytes > 0 ? width > 0 && values == 0 && rawBytes == elements * width : values == elements;
        return whole ? name : throw new FormatException($"the tensor '{Excerpt(name)}' of {Number(elements)} elements with {(rawBytes > 0 ? $"{Number(rawBytes)} bytes" : $"{Number(values)} values")}");
    }

    private void Dimensions(ref WireReader tensor, List<long> dimensions)
    {
        if (tensor.Type == WireType.Varint)
        {
            Add(tensor.Varint());
            return;
        }

        ReadOnlySpan<byte> packed = tensor.Bytes();
        while (WireReader.TryTakeVarint(ref packed, out ulong dimension))
        {
            Add(dimension);
        }

        void Add(ulong dimension)
        {
            if (dimension > (ulong)_limits.MaxTensorElements)
            {
                throw new FormatException($"a dimension of {Number((long)dimension)}; allowed are 0 to {Number(_limits.MaxTensorElements)}");
            }

            dimensions.Add((long)dimension);
            Bound(dimensions.Count, _limits.MaxRank, "dimensions of a tensor");
        }
    }

    /// <summary>Checks an input or output: a dense tensor. Returns its name.</summary>
    private string Value(ReadOnlySpan<byte> message)
    {
        Bound(++_values, 2 * _limits.MaxTensors, "inputs, outputs and described tensors");
        string name = string.Empty;
        WireReader value = new(message);
        while (value.Next())
        {
            if (value.Field == 1)
            {
                name = Name(value.Bytes());
            }
            else
            {
                value.Skip();
            }
        }

        return name;
    }

    private string Name(ReadOnlySpan<byte> utf8)
    {
        Bound(utf8.Length, _limits.MaxNameBytes, "bytes in a name");
        Bound(++_names, _limits.MaxNames, "names");
        return _strict.GetString(utf8);
    }

    // Bytes of an element; 0 for text, which has no raw form.
    private static int Width(ulong type) => type switch
    {
        8 => 0,
        2 or 3 or 9 => 1,
        4 or 5 or 10 or 16 => 2,
        1 or 6 or 12 => 4,
        7 or 11 or 13 => 8,
        _ => throw new FormatException($"a tensor with elements of the type {type}"),
    };

    private static void Bound(long found, long limit, string what)
    {
        if (found > limit)
        {
            throw new FormatException($"{Number(found)} {what}; allowed are {Number(limit)}");
        }
    }

    private static void Refuse(bool refused, string found)
    {
        if (refused)
        {
            throw new FormatException(found);
        }
    }

    private static FormatException Unknown(int field, string message) => new($"the field {field} of the {message}, which is not part of a tabular model");

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Shown(ReadOnlySpan<byte> utf8) => Data.Excerpt.OfUtf8(utf8);

    private static string Excerpt(string text) => Data.Excerpt.Of(text);
}
