using System.Buffers.Binary;
using Mlops.Core.Learning.Onnx.Format;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Finds <see cref="MembershipColumns"/> again in a file.</summary>
internal static class MembershipReader
{
    /// <summary>The sets of the columns that stand before the features, and the tensor of the features; no sets and the tensor itself when it is made in another way.</summary>
    /// <param name="graph">The graph of the file.</param>
    /// <param name="tensor">What the trees read.</param>
    public static (string Features, IReadOnlyList<CodeSet> Sets) Read(GraphProto graph, string tensor)
    {
        Dictionary<string, NodeProto> makers = [];
        foreach (NodeProto node in graph.Node)
        {
            foreach (string output in node.Output)
            {
                makers.TryAdd(output, node);
            }
        }

        Dictionary<string, TensorProto> constants = graph.Initializer.GroupBy(i => i.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        if (!makers.TryGetValue(tensor, out NodeProto? concat) || concat.OpType != "Concat" || concat.Input.Count < 2)
        {
            return (tensor, []);
        }

        List<CodeSet> sets = [];
        long cells = 0;
        foreach (string block in concat.Input.SkipLast(1))
        {
            // Lookup in a table ← whole number ← column of the features. All tables together are bounded, for a file may name one a million times.
            if (Maker(block, "Gather", 2) is { } lookup && constants.TryGetValue(lookup.Input[0], out TensorProto? table) && table is { Dims.Count: 2, DataType: (int)OnnxType.Float }
                && Maker(lookup.Input[1], "Cast", 1) is { } cast && Maker(cast.Input[0], "Gather", 2) is { } column
                && constants.TryGetValue(column.Input[1], out TensorProto? index) && index is { DataType: (int)OnnxType.Int64, RawData.Length: sizeof(long) }
                && sets.Count + table.Dims[1] <= MembershipColumns.MaxColumns && (cells += table.RawData.Length / sizeof(float)) <= MembershipColumns.MaxCells
                && Sets(table, BinaryPrimitives.ReadInt64LittleEndian(index.RawData.Span)) is { } found)
            {
                sets.AddRange(found);
            }
            else
            {
                return (tensor, []);
            }
        }

        return (concat.Input[^1], sets);

        NodeProto? Maker(string output, string op, int inputs) => makers.TryGetValue(output, out NodeProto? node) && node.OpType == op && node.Input.Count == inputs ? node : null;
    }

    private static CodeSet[]? Sets(TensorProto table, long feature)
    {
        (long rows, long columns) = (table.Dims[0], table.Dims[1]);
        if (feature < 0 || rows is < 2 or > OnnxTreeBuilder.MaxCode || columns is < 1 or > MembershipColumns.MaxColumns || table.RawData.Length != rows * columns * sizeof(float))
        {
            return null;
        }

        bool IsOne(int code, int column) => BinaryPrimitives.ReadSingleLittleEndian(table.RawData.Span[(((code * (int)columns) + column) * sizeof(float))..]) == 1;
        return [.. Enumerable.Range(0, (int)columns).Select(c => new CodeSet(feature, [.. Enumerable.Range(0, (int)rows - 1).Where(code => IsOne(code, c))]))];
    }

    /// <summary>A set of codes of a feature.</summary>
    internal sealed record CodeSet(long Feature, int[] Codes);
}
