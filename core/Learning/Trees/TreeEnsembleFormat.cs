using System.Runtime.InteropServices;

namespace Mlops.Core.Learning.Trees;

/// <summary>Tree ensembles as little-endian bytes: exact, compact, and read with every size bounded by the bytes that are there.</summary>
public static class TreeEnsembleFormat
{
    private const int Version = 1;

    /// <summary>Writes an ensemble.</summary>
    public static void Write(BinaryWriter writer, TreeEnsemble ensemble)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(ensemble);
        writer.Write(Version);
        writer.Write((byte)ensemble.Link);
        writer.Write(ensemble.Average);
        WriteArray<double>(writer, ensemble.BaseScores);
        writer.Write(ensemble.Features.Count);
        foreach (FeatureColumn feature in ensemble.Features)
        {
            writer.Write(feature.Name);
            writer.Write(feature.Cardinality);
        }

        writer.Write(ensemble.Trees.Count);
        foreach (DecisionTree tree in ensemble.Trees)
        {
            WriteTree(writer, tree);
        }
    }

    /// <summary>Reads an ensemble and checks that every tree is one.</summary>
    /// <exception cref="FormatException">The bytes are something else, or damaged.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static TreeEnsemble Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int version = reader.ReadInt32();
        if (version != Version)
        {
            throw new FormatException($"The ensemble has format version {version}; expected {Version}.");
        }

        Link link = (Link)reader.ReadByte();
        bool average = reader.ReadBoolean();
        double[] baseScores = ReadArray<double>(reader);
        FeatureColumn[] features = new FeatureColumn[ReadCount(reader, 5)];
        for (int j = 0; j < features.Length; j++)
        {
            features[j] = new FeatureColumn(reader.ReadString(), reader.ReadInt32());
        }

        DecisionTree[] trees = new DecisionTree[ReadCount(reader, 40)];
        for (int t = 0; t < trees.Length; t++)
        {
            trees[t] = ReadTree(reader);
            Check(trees[t], t, features.Length, baseScores.Length);
        }

        if (!Enum.IsDefined(link) || baseScores.Length == 0)
        {
            throw new FormatException($"The ensemble has link {(int)link} and {baseScores.Length} base scores; expected a known link and at least one.");
        }

        return new TreeEnsemble { Features = features, Trees = trees, BaseScores = baseScores, Link = link, Average = average };
    }

    /// <summary>Reads a count of items of at least <paramref name="itemBytes"/> bytes each; more than the bytes left can hold is an error.</summary>
    internal static int ReadCount(BinaryReader reader, int itemBytes)
    {
        int count = reader.ReadInt32();
        long left = reader.BaseStream.Length - reader.BaseStream.Position;
        return count >= 0 && (long)count * itemBytes <= left
            ? count
            : throw new FormatException($"A count of {count} stands before {left} bytes; the data is damaged.");
    }

    private static void WriteTree(BinaryWriter writer, DecisionTree tree)
    {
        writer.Write(tree.Output);
        WriteArray<int>(writer, tree.Feature);
        WriteArray<float>(writer, tree.Threshold);
        WriteArray(writer, tree.MissingLeft.Select(m => m ? (byte)1 : (byte)0).ToArray());
        WriteArray<int>(writer, tree.Left);
        WriteArray<int>(writer, tree.Right);
        WriteArray<float>(writer, tree.Values);
        WriteArray<float>(writer, tree.Cover);
        WriteArray<float>(writer, tree.Gain);
        foreach (int[]? codes in tree.LeftCodes)
        {
            writer.Write(codes is not null);
            if (codes is not null)
            {
                WriteArray<int>(writer, codes);
            }
        }
    }

    private static DecisionTree ReadTree(BinaryReader reader)
    {
        int output = reader.ReadInt32();
        int[] feature = ReadArray<int>(reader);
        float[] threshold = ReadArray<float>(reader);
        bool[] missingLeft = ReadArray<byte>(reader).Select(m => m != 0).ToArray();
        int[] left = ReadArray<int>(reader);
        int[] right = ReadArray<int>(reader);
        float[] values = ReadArray<float>(reader);
        float[] cover = ReadArray<float>(reader);
        float[] gain = ReadArray<float>(reader);
        int[]?[] codes = new int[]?[feature.Length];
        for (int node = 0; node < codes.Length; node++)
        {
            codes[node] = reader.ReadBoolean() ? ReadArray<int>(reader) : null;
        }

        return new DecisionTree
        {
            Feature = feature,
            Threshold = threshold,
            MissingLeft = missingLeft,
            Left = left,
            Right = right,
            LeftCodes = codes,
            Values = values,
            Cover = cover,
            Gain = gain,
            Output = output,
        };
    }

    /// <summary>Children lie behind their parent and inside the tree, so that every walk ends in a leaf.</summary>
    private static void Check(DecisionTree tree, int number, int features, int width)
    {
        int nodes = tree.Nodes;
        int values = tree.Output >= 0 ? 1 : width;
        bool sound = nodes > 0 && tree.Threshold.Length == nodes && tree.MissingLeft.Length == nodes && tree.Left.Length == nodes
            && tree.Right.Length == nodes && tree.Cover.Length == nodes && tree.Gain.Length == nodes
            && tree.Output >= -1 && tree.Output < width && tree.Values.Length == (long)nodes * values;
        for (int node = 0; sound && node < nodes; node++)
        {
            sound = tree.Feature[node] == -1
                || (tree.Feature[node] >= 0 && tree.Feature[node] < features
                    && tree.Left[node] > node && tree.Left[node] < nodes && tree.Right[node] > node && tree.Right[node] < nodes);
        }

        if (!sound)
        {
            throw new FormatException($"Tree {number} is not a tree: lengths, a feature or a child is out of range. The data is damaged.");
        }
    }

    private static void WriteArray<T>(BinaryWriter writer, T[] values)
        where T : unmanaged
    {
        writer.Write(values.Length);
        writer.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static T[] ReadArray<T>(BinaryReader reader)
        where T : unmanaged
    {
        T[] values = new T[ReadCount(reader, Marshal.SizeOf<T>())];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
