using Mlops.Core.Data;

namespace Mlops.Core.Learning;

/// <summary>What predictions start from: the values of a numeric column in single precision, as the ONNX graph reads them; 0 where missing.</summary>
internal static class Offsets
{
    /// <summary>One value per row.</summary>
    /// <exception cref="ArgumentException">The column is absent or holds no numbers.</exception>
    public static float[] Of(DataTable rows, string name)
    {
        if (!rows.TryGet(name, out Column? column) || column is not NumericColumn numbers)
        {
            throw new ArgumentException($"Offset '{name}': found {(column is null ? "no such column" : "a text column")}, expected a column of numbers.", nameof(rows));
        }

        float[] offsets = new float[rows.RowCount];
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = numbers.IsMissing(i) ? 0 : (float)numbers.Values[i];
        }

        return offsets;
    }
}
