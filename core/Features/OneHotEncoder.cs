using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>One feature per category, 1 where the row has it and 0 elsewhere.</summary>
/// <remarks>All features are 0 for a category that is not listed and has no feature for others, and for a missing value without a feature for that.</remarks>
public sealed record OneHotEncoder : FeatureEncoder
{
    /// <summary>Reads a column of kind Text.</summary>
    public OneHotEncoder(string input, IReadOnlyList<string> categories, bool groupOthers, bool groupMissing)
        : base(input, ColumnKind.Text)
    {
        Categories = categories;
        GroupOthers = groupOthers;
        GroupMissing = groupMissing;
    }

    /// <summary>The categories that have a feature of their own, distinct, not empty.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>Whether all other categories share a feature.</summary>
    public bool GroupOthers { get; }

    /// <summary>Whether missing values have a feature.</summary>
    public bool GroupMissing { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs
    {
        get
        {
            List<FeatureColumn> outputs = [.. Categories.Select(c => new FeatureColumn($"{Input} = {c}"))];
            if (GroupOthers)
            {
                outputs.Add(new FeatureColumn($"{Input} is another"));
            }

            if (GroupMissing)
            {
                outputs.Add(new FeatureColumn($"{Input} is missing"));
            }

            return outputs;
        }
    }

    private float Other => GroupOthers ? Categories.Count : -1;

    private float Missing => GroupMissing ? Categories.Count + (GroupOthers ? 1 : 0) : -1;

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features)
    {
        float[] position = new float[column.Count];
        CategoryMap.Encode((TextColumn)column, Categories, i => i, Other, Missing, position);
        for (int i = 0; i < position.Length; i++)
        {
            if (position[i] >= 0)
            {
                features[(int)position[i]][i] = 1;
            }
        }
    }

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph)
    {
        string position = CategoryMap.Emit(graph, Input, Categories, i => i, Other, Missing);
        int count = Categories.Count + (GroupOthers ? 1 : 0) + (GroupMissing ? 1 : 0);
        float[] positions = [.. Enumerable.Range(0, count).Select(i => (float)i)];
        return graph.Cast(graph.Node("Equal", [position, graph.Constant(positions, 1, count)]), OnnxType.Float);
    }
}
