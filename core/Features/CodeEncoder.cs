using Mlops.Core.Data;
using Mlops.Core.Learning;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A category as a code without order: its position in <see cref="Categories"/>; −1 when missing.</summary>
/// <remarks>A category that is not listed (rare in training, or never seen) gets the code after the last when <see cref="GroupOthers"/>
/// says that training had such, and counts as missing otherwise.</remarks>
public sealed record CodeEncoder : FeatureEncoder
{
    /// <summary>Reads a column of kind Text.</summary>
    public CodeEncoder(string input, IReadOnlyList<string> categories, bool groupOthers)
        : base(input, ColumnKind.Text)
    {
        Categories = categories;
        GroupOthers = groupOthers;
    }

    /// <summary>The categories that have a code of their own, distinct, not empty.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>Whether all other categories share a code.</summary>
    public bool GroupOthers { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<FeatureColumn> Outputs => [new(Input, Categories.Count + (GroupOthers ? 1 : 0))];

    private float Other => GroupOthers ? Categories.Count : -1;

    /// <inheritdoc/>
    public override void Encode(Column column, ReadOnlySpan<float[]> features) =>
        CategoryMap.Encode((TextColumn)column, Categories, i => i, Other, -1, features[0]);

    /// <inheritdoc/>
    internal override string Emit(OnnxGraph graph) => CategoryMap.Emit(graph, Input, Categories, i => i, Other, -1);
}
