using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Mlops.Core.Learning.Onnx;
using Mlops.Core.Learning.Onnx.Format;

namespace Mlops.Core.Tests.Learning;

/// <summary>Files that nobody trained: each is refused before a runtime sees it, with what was found.</summary>
public class OnnxFileTests
{
    private static readonly OnnxLimits _tight = new() { MaxBytes = 10_000, MaxNodes = 20, MaxTensors = 4, MaxNames = 90, MaxNameBytes = 20, MaxRank = 3, MaxTensorElements = 1_000, MaxAttributes = 5, MaxListValues = 50 };

    public static TheoryData<string, byte[], string> Hostile => new()
    {
        { "nothing", [], "no graph" },
        { "not a model", "PK\u0003\u0004 a zip file"u8.ToArray(), "The ONNX file is refused" },
        { "two graphs", [.. Model(), .. Field(7, Graph())], "two graphs" },
        { "external data", Model(Field(5, Field(8, "w"u8), Number(1, 4), Number(2, 1), Field(13, Field(1, "location"u8), Field(2, "../../etc/passwd"u8)), Number(14, 1))), "data in another file" },
        { "external data without a place", Model(Field(5, Field(8, "w"u8), Number(1, 4), Number(2, 1), Number(14, 1))), "data in another file" },
        { "a tensor of 2^40 elements", Model(Field(5, Field(8, "w"u8), Number(1, 1L << 20), Number(1, 1L << 20), Number(2, 1))), "allowed are 0 to 1,000" },
        { "a tensor of many small dimensions", Model(Field(5, Field(8, "w"u8), Number(1, 1000), Number(1, 1000), Number(2, 1))), "1,000,000 elements in a tensor" },
        { "a negative dimension", Model(Field(5, Field(8, "w"u8), Number(1, -1), Number(2, 1))), "a dimension of -1" },
        { "nine dimensions", Model(Field(5, Field(8, "w"u8), Field(1, (byte[])[1, 1, 1, 1, 1, 1, 1, 1, 1]), Number(2, 1))), "dimensions of a tensor" },
        { "raw bytes for another size", Model(Field(5, Field(8, "w"u8), Number(1, 4), Number(2, 1), Field(9, new byte[12]))), "4 elements with 12 bytes" },
        { "fewer values than declared", Model(Field(5, Field(8, "w"u8), Number(1, 4), Number(2, 1), Field(4, new byte[12]))), "4 elements with 3 values" },
        { "a list that ends inside a value", Model(Field(5, Field(8, "w"u8), Number(1, 3), Number(2, 1), Field(4, new byte[11]))), "no whole number of values" },
        { "texts in raw form", Model(Field(5, Field(8, "w"u8), Number(1, 1), Number(2, 8), Field(9, new byte[8]))), "1 elements with 8 bytes" },
        { "an unknown element type", Model(Field(5, Field(8, "w"u8), Number(1, 1), Number(2, 99), Field(9, new byte[8]))), "elements of the type 99" },
        { "a name that is not UTF-8", Model(Field(5, Field(8, (byte[])[0xFF]), Number(2, 1))), "a name or size that cannot be read" },
        { "a long name", Model(Node("Identity", [new string('x', 21)], "y")), "21 bytes in a name" },
        { "an unknown operator", Model(Node("Detonate", ["x"], "y")), "the operator 'Detonate'" },
        { "an operator without a name", Model(Node("", ["x"], "y")), "the operator ''" },
        { "an operator of a runtime", Model(Node("FusedMatMul", ["x", "x"], "y", "com.microsoft")), "of the domain 'com.microsoft'" },
        { "an operator set of a runtime", [.. Model(), .. Field(8, Field(1, "com.microsoft"u8), Number(2, 1))], "operators of the domain 'com.microsoft'" },
        { "an operator that makes large tensors", Model(Node("ConstantOfShape", ["x"], "y")), "the operator 'ConstantOfShape'" },
        { "a loop", Model(Field(1, Field(1, "x"u8), Field(2, "y"u8), Field(4, "Loop"u8), Field(5, Field(1, "body"u8), Field(6, Graph())))), "control flow" },
        { "graphs within graphs", Model(Deep(1000)), "control flow" },
        { "a function", [.. Model(), .. Field(25, Field(1, "f"u8))], "a function of its own" },
        { "a training graph", [.. Model(), .. Field(20, ""u8)], "a training graph" },
        { "a sparse tensor", Model(Field(15, ""u8)), "a sparse tensor" },
        { "a sparse attribute", Model(Field(1, Field(4, "Constant"u8), Field(5, Field(22, ""u8)))), "a sparse tensor as an attribute" },
        { "a field of another format", Model(Field(99, ""u8)), "the field 99 of the graph" },
        { "a cycle", Model(Node("Identity", ["b"], "a"), Node("Identity", ["a"], "b")), "operator 1 reading 'b'" },
        { "an operator that reads itself", Model(Node("Identity", ["a"], "a")), "operator 1 reading 'a'" },
        { "a tensor written twice", Model(Node("Identity", ["x"], "a"), Node("Identity", ["x"], "a")), "which exists already" },
        { "too many operators", Model([.. Enumerable.Range(0, 21).Select(i => Node("Identity", ["x"], $"t{i}"))]), "21 operators; allowed are 20" },
        { "too many names", Model([.. Enumerable.Range(0, 15).Select(i => Node("Sum", ["x", "x", "x", "x"], $"t{i}"))]), "91 names" },
        { "too many constants", Model([.. Enumerable.Range(0, 5).Select(i => Field(5, Field(8, System.Text.Encoding.UTF8.GetBytes($"w{i}")), Number(1, 0), Number(2, 1)))]), "5 constant tensors" },
        { "too many attributes", Model(Field(1, [Field(4, "Identity"u8), .. Enumerable.Repeat(Field(5, Field(1, "a"u8)), 6)])), "6 attributes of one operator" },
        { "a long list", Model(Field(1, Field(4, "Identity"u8), Field(5, Field(8, new byte[51])))), "51 values in an attribute" },
        { "a long list, value by value", Model(Field(1, Field(4, "Identity"u8), Field(5, [.. Enumerable.Repeat(Number(8, 7), 51)]))), "51 values in an attribute" },
        { "a text of many columns", Model(Field(1, Field(4, "TfIdfVectorizer"u8), Field(5, Field(1, "ngram_indexes"u8), Number(8, 1L << 40)))), "columns of a text" },
        { "a text of many columns, packed", Model(Field(1, Field(5, Field(1, "ngram_indexes"u8), Field(8, (byte[])[1, 100])), Field(4, "TfIdfVectorizer"u8))), "100 columns of a text" },
        { "a large file", [.. Model(), .. Field(6, new byte[10_000])], "bytes; allowed are 10,000" },
        { "a length beyond the end", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], "cut off or damaged" },
        { "a number without end", [0x08, .. Enumerable.Repeat((byte)0xFF, 11)], "more than ten bytes" },
        { "a group", [0x0B], "a damaged tag" },
        { "a graph as a number", Number(7, 1), "the field 7 written as Varint" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Check_HostileFile_SaysWhatWasFound(string what, byte[] file, string found)
    {
        FormatException refused = Assert.Throws<FormatException>(() => OnnxFile.Check(file, _tight));
        Assert.True(refused.Message.Contains(found, StringComparison.Ordinal), $"{what}: {refused.Message}");
        Assert.InRange(refused.Message.Length, 20, 600);
    }

    [Fact]
    public void Check_AMillionOperators_IsRefusedByTheDefaults()
    {
        byte[] node = Node("Identity", ["x"], "");
        byte[] file = Field(7, [.. Field(11, Field(1, "x"u8)), .. Enumerable.Repeat(node, 1_000_000).SelectMany(bytes => bytes)]);
        Assert.Contains("100,001 operators", Assert.Throws<FormatException>(() => OnnxFile.Check(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EveryCutOfAModel_IsRefused_AndTheWholePasses()
    {
        byte[] whole = Model(Node("Identity", ["x"], "y"));
        OnnxFile.Check(whole, _tight);
        foreach (int length in Enumerable.Range(0, whole.Length))
        {
            Assert.Throws<FormatException>(() => OnnxFile.Check(whole.AsSpan(0, length), _tight));
        }
    }

    [Fact]
    public void Check_ThenLoadAndRun_OfDamagedModels_NeverDoesMoreThanFail()
    {
        byte[] whole = Exported();
        Random random = new(11);
        int passed = 0;
        for (int round = 0; round < 2_000; round++)
        {
            byte[] damaged = [.. whole];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                OnnxFile.Check(damaged);
                passed++;
                using SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
                using InferenceSession session = new(damaged, options);
                using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> outputs = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(new float[] { 1 }, [1, 1]))]);
            }
            catch (Exception refused) when (refused is FormatException or OnnxRuntimeException or ArgumentException)
            {
                // Refused by the check, or by the runtime: both are errors, not crashes.
            }
        }

        Assert.InRange(passed, 1, 1_999);
    }

    private static byte[] Exported()
    {
        OnnxGraph graph = new([("x", OnnxType.Float)]);
        string sums = OnnxStump.Add(graph, "x");
        graph.Output(graph.Node("Add", [sums, graph.Constant([1f], 1, 1)]), "prediction", OnnxType.Float, 1);
        return graph.ToBytes([]);
    }

    private static byte[] Model(params byte[][] graph) => Field(7, Graph(graph));

    // A graph with the one input x.
    private static byte[] Graph(params byte[][] fields) => [.. Field(11, Field(1, "x"u8)), .. fields.SelectMany(field => field)];

    private static byte[] Node(string op, IEnumerable<string> inputs, string output, string domain = "")
    {
        NodeProto node = new() { OpType = op, Domain = domain };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return Field(1, node.ToByteArray());
    }

    private static byte[] Deep(int levels)
    {
        byte[] node = Node("Identity", ["x"], "y");
        for (int level = 0; level < levels && node.Length < 9_000; level++)
        {
            node = Field(1, Field(4, "If"u8), Field(5, Field(6, Graph(node))));
        }

        return node;
    }

    private static byte[] Field(int number, params byte[][] parts) => Field(number, parts.SelectMany(part => part).ToArray().AsSpan());

    private static byte[] Field(int number, ReadOnlySpan<byte> value)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(value));
        }

        return stream.ToArray();
    }

    private static byte[] Number(int number, long value)
    {
        using MemoryStream stream = new();
        using (CodedOutputStream output = new(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.Varint);
            output.WriteInt64(value);
        }

        return stream.ToArray();
    }
}
