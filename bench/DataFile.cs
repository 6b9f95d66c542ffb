using Mlops.Core.Data;
using Mlops.Core.Learning;

namespace Mlops.Bench;

/// <summary>Reads what the Python scripts write: int32 rows and columns, then the columns' cardinalities (int32), then float32 columns, then float32 answers.</summary>
internal static class DataFile
{
    public static TrainingSet Read(string path)
    {
        using BinaryReader reader = new(File.OpenRead(path));
        int rows = reader.ReadInt32();
        int columns = reader.ReadInt32();
        FeatureColumn[] features = Enumerable.Range(0, columns).Select(j => new FeatureColumn($"f{j}", reader.ReadInt32())).ToArray();
        float[][] values = features.Select(_ => ReadColumn(reader, rows)).ToArray();
        return new TrainingSet(new FeatureMatrix(rows, features, values), ReadColumn(reader, rows));
    }

    private static float[] ReadColumn(BinaryReader reader, int rows)
    {
        float[] column = new float[rows];
        reader.BaseStream.ReadExactly(System.Runtime.InteropServices.MemoryMarshal.AsBytes(column.AsSpan()));
        return column;
    }

    /// <summary>The rows as the product reads them; answers are texts when there are labels.</summary>
    public static DataTable Table(TrainingSet set, string[] labels)
    {
        List<Column> columns = [];
        for (int j = 0; j < set.X.Columns; j++)
        {
            FeatureColumn feature = set.X.Features[j];
            float[] values = set.X.Column(j).ToArray();
            columns.Add(feature.IsCategorical
                ? TextColumn.From(feature.Name, values.Select(v => float.IsNaN(v) ? null : $"c{v}"))
                : new NumericColumn(feature.Name, [.. values.Select(v => (double)v)]));
        }

        columns.Add(labels.Length > 0 ? TextColumn.From("y", set.Y.Select(y => labels[(int)y])) : new NumericColumn("y", [.. set.Y.Select(y => (double)y)]));
        return new DataTable(columns);
    }
}
