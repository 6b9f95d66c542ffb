using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Tests.Learning;

/// <summary>Ensembles as bytes: equal bytes are equal models.</summary>
internal static class Bytes
{
    public static byte[] Of(TreeEnsemble ensemble)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        TreeEnsembleFormat.Write(writer, ensemble);
        writer.Flush();
        return stream.ToArray();
    }
}
