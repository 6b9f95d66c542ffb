using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;
using Mlops.Core.Learning.Onnx.Format;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Builds one ONNX graph node by node. Names of inner tensors are counted, so the same calls give the same bytes.</summary>
/// <remarks>Operator sets 17 (<c>ai.onnx</c>) and 3 (<c>ai.onnx.ml</c>), IR version 8: every ONNX Runtime since 1.13 reads them.</remarks>
internal sealed class OnnxGraph
{
    private const int OperatorSet = 17;
    private const int MlOperatorSet = 3;
    private const int IrVersion = 8;
    private const int NewerIrVersion = 9;
    private const string Ml = "ai.onnx.ml";
    private const string Rows = "N";

    private readonly GraphProto _graph = new() { Name = "model" };
    private readonly HashSet<string> _outer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _constants = new(StringComparer.Ordinal);
    private readonly string _prefix;
    private int _count;
    private int _operatorSet = OperatorSet;

    /// <summary>An empty graph with these inputs, each of shape [N, 1].</summary>
    public OnnxGraph(IReadOnlyList<(string Name, OnnxType Type)> inputs)
    {
        foreach ((string name, OnnxType type) in inputs)
        {
            _outer.Add(name);
            _graph.Input.Add(Describe(name, type, 1));
        }

        // A column may have any name: inner names start with a prefix that no column has.
        _prefix = "_";
        while (inputs.Any(i => i.Name.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            _prefix += "_";
        }
    }

    /// <summary>Adds a node of <c>ai.onnx</c> with one output, and gives the output's name.</summary>
    public string Node(string op, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => Add(op, "", inputs, attributes);

    /// <summary>Adds a node of <c>ai.onnx.ml</c> with one output, and gives the output's name.</summary>
    public string MlNode(string op, IEnumerable<string> inputs, params ReadOnlySpan<AttributeProto> attributes) => Add(op, Ml, inputs, attributes);

    /// <summary>Adds a node of <c>ai.onnx</c> with several outputs, and gives the first one's name.</summary>
    public string FirstOutput(string op, IEnumerable<string> inputs, int outputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        string first = Node(op, inputs, attributes);
        for (int i = 1; i < outputs; i++)
        {
            _graph.Node[^1].Output.Add(NextName());
        }

        return first;
    }

    /// <summary>Asks for a newer operator set than the usual one.</summary>
    public void RequireOperatorSet(int version) => _operatorSet = Math.Max(_operatorSet, version);

    /// <summary>Converts the elements.</summary>
    public string Cast(string input, OnnxType to) => Node("Cast", [input], Attribute("to", (long)to));

    /// <summary>Blocks [N, a], [N, b], … side by side: [N, a + b + …].</summary>
    public string Concat(IReadOnlyList<string> blocks) => blocks.Count == 1 ? blocks[0] : Node("Concat", blocks, Attribute("axis", 1));

    /// <summary>A constant of single precision; equal ones are stored once.</summary>
    public string Constant(ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        byte[] raw = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(raw.AsSpan(i * sizeof(float)), values[i]);
        }

        return Constant(OnnxType.Float, raw, shape);
    }

    /// <summary>A constant of double precision; equal ones are stored once.</summary>
    public string Constant(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        byte[] raw = new byte[values.Length * sizeof(double)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(raw.AsSpan(i * sizeof(double)), values[i]);
        }

        return Constant(OnnxType.Double, raw, shape);
    }

    /// <summary>A constant of half precision; equal ones are stored once.</summary>
    public string Constant(ReadOnlySpan<Half> values, params ReadOnlySpan<long> shape)
    {
        byte[] raw = new byte[values.Length * sizeof(ushort)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(raw.AsSpan(i * sizeof(ushort)), values[i]);
        }

        return Constant(OnnxType.Float16, raw, shape);
    }

    /// <summary>A constant of whole numbers; equal ones are stored once.</summary>
    public string Constant(ReadOnlySpan<long> values, params ReadOnlySpan<long> shape)
    {
        byte[] raw = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(i * sizeof(long)), values[i]);
        }

        return Constant(OnnxType.Int64, raw, shape);
    }

    /// <summary>A scalar of double precision.</summary>
    public string Scalar(double value) => Constant([value], []);

    /// <summary>A scalar of single precision.</summary>
    public string Scalar(float value) => Constant([value], []);

    /// <summary>A scalar whole number.</summary>
    public string Scalar(long value) => Constant([value], []);

    /// <summary>A vector of texts.</summary>
    public string Constant(IReadOnlyList<string> texts)
    {
        TensorProto tensor = new() { Name = NextName(), DataType = (int)OnnxType.String };
        tensor.Dims.Add(texts.Count);
        tensor.StringData.AddRange(texts.Select(ByteString.CopyFromUtf8));
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Makes a tensor an output. When an input has the wanted name already, underscores are appended: read outputs by position.</summary>
    /// <param name="tensor">The inner tensor.</param>
    /// <param name="wanted">The wanted name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="width">Columns, or null for a vector of N elements.</param>
    public void Output(string tensor, string wanted, OnnxType type, int? width)
    {
        string name = wanted;
        while (!_outer.Add(name))
        {
            name += "_";
        }

        NodeProto node = new() { OpType = "Identity" };
        node.Input.Add(tensor);
        node.Output.Add(name);
        _graph.Node.Add(node);
        _graph.Output.Add(Describe(name, type, width));
    }

    /// <summary>The whole model file.</summary>
    public byte[] ToBytes(IEnumerable<KeyValuePair<string, string>> metadata)
    {
        ModelProto model = new() { IrVersion = _operatorSet > OperatorSet ? NewerIrVersion : IrVersion, ProducerName = "Mlops.Serverless", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = _operatorSet });
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Ml, Version = MlOperatorSet });
        foreach ((string key, string value) in metadata.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
        }

        return model.ToByteArray();
    }

    /// <summary>A whole-number attribute.</summary>
    public static AttributeProto Attribute(string name, long value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    /// <summary>A number attribute.</summary>
    public static AttributeProto Attribute(string name, float value) => new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    /// <summary>A text attribute.</summary>
    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    /// <summary>An attribute that lists whole numbers.</summary>
    public static AttributeProto Attribute(string name, IEnumerable<long> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.AddRange(values);
        return attribute;
    }

    /// <summary>An attribute that lists numbers.</summary>
    public static AttributeProto Attribute(string name, IEnumerable<float> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        attribute.Floats.AddRange(values);
        return attribute;
    }

    /// <summary>An attribute that lists texts.</summary>
    public static AttributeProto Attribute(string name, IEnumerable<string> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    private static ValueInfoProto Describe(string name, OnnxType type, int? width)
    {
        TensorShapeProto shape = new();
        shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimParam = Rows });
        if (width is { } columns)
        {
            shape.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = columns });
        }

        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape } } };
    }

    private string Add(string op, string domain, IEnumerable<string> inputs, ReadOnlySpan<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = op, Domain = domain };
        node.Input.AddRange(inputs);
        foreach (AttributeProto attribute in attributes)
        {
            node.Attribute.Add(attribute);
        }

        string output = NextName();
        node.Output.Add(output);
        _graph.Node.Add(node);
        return output;
    }

    private string Constant(OnnxType type, byte[] raw, ReadOnlySpan<long> shape)
    {
        string key = $"{(int)type}|{string.Join(',', shape.ToArray())}|{Convert.ToBase64String(raw)}";
        if (_constants.TryGetValue(key, out string? known))
        {
            return known;
        }

        TensorProto tensor = new() { Name = NextName(), DataType = (int)type, RawData = UnsafeByteOperations.UnsafeWrap(raw) };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        _constants.Add(key, tensor.Name);
        return tensor.Name;
    }

    private string NextName() => _prefix + (++_count).ToString(CultureInfo.InvariantCulture);
}
