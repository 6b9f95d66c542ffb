using Mlops.Core.Data;
using Mlops.Core.Learning.Onnx;

namespace Mlops.Core.Features;

/// <summary>A number per category: the step that the encoders of text share.</summary>
internal static class CategoryMap
{
    /// <summary>Writes per row the number of its category.</summary>
    public static void Encode(TextColumn column, IReadOnlyList<string> categories, Func<int, float> value, float other, float missing, float[] feature)
    {
        Dictionary<string, int> index = new(categories.Count, StringComparer.Ordinal);
        for (int i = 0; i < categories.Count; i++)
        {
            index.Add(categories[i], i);
        }

        // The dictionary may be longer than the column has rows (a slice shares it): look each entry up only when a row has it.
        float[] ofCode = new float[column.Dictionary.Count];
        bool[] known = new bool[ofCode.Length];
        ReadOnlySpan<int> codes = column.Codes;
        for (int i = 0; i < codes.Length; i++)
        {
            int code = codes[i];
            if (code < 0)
            {
                feature[i] = missing;
                continue;
            }

            if (!known[code])
            {
                known[code] = true;
                ofCode[code] = index.TryGetValue(column.Dictionary[code], out int category) ? value(category) : other;
            }

            feature[i] = ofCode[code];
        }
    }

    /// <summary>Adds a node that does the same: [N, 1] of single precision.</summary>
    public static string Emit(OnnxGraph graph, string input, IReadOnlyList<string> categories, Func<int, float> value, float other, float missing) => graph.MlNode(
        "LabelEncoder",
        [input],
        OnnxGraph.Attribute("keys_strings", categories.Append("")),
        OnnxGraph.Attribute("values_floats", Enumerable.Range(0, categories.Count).Select(value).Append(missing)),
        OnnxGraph.Attribute("default_float", other));
}
