using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Mlops.Core.Learning.Boosting;

/// <summary>Identifies options and data, so that a checkpoint is only resumed on what it came from.</summary>
internal static class Fingerprint
{
    public static string Of(IReadOnlyList<IBoostingShard> shards, TrainingSet? validation, BoostingOptions options)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        BoostingOptions comparable = options with { Threads = 1, Monotone = null, ClassWeights = null };
        hash.AppendData(Encoding.UTF8.GetBytes(comparable.ToString()));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join(',', options.Monotone ?? [])));
        hash.AppendData(Encoding.UTF8.GetBytes(";" + string.Join(',', options.ClassWeights ?? []) + ";"));
        foreach (IBoostingShard shard in shards)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(shard.Hash));
        }

        if (validation is not null)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Of(validation)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of some rows.</summary>
    public static string Of(TrainingSet set)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"[{set.Rows} {set.Weights is null} {set.RowIds is null}]"));
        for (int j = 0; j < set.X.Columns; j++)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(set.X.Features[j].ToString()));
            hash.AppendData(MemoryMarshal.AsBytes(set.X.Column(j)));
        }

        hash.AppendData(MemoryMarshal.AsBytes<float>(set.Y));
        hash.AppendData(MemoryMarshal.AsBytes<float>(set.Weights));
        hash.AppendData(MemoryMarshal.AsBytes<long>(set.RowIds));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
