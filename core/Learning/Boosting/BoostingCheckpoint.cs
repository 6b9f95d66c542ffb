using Mlops.Core.Learning.Trees;

namespace Mlops.Core.Learning.Boosting;

/// <summary>A training after some iteration, as data: the trees so far, the losses, and a fingerprint of what they were learned from.</summary>
/// <param name="Fingerprint">SHA-256 of options and data, in hexadecimal; threads do not count.</param>
/// <param name="Model">All trees so far.</param>
/// <param name="History">Losses after every iteration so far.</param>
public sealed record BoostingCheckpoint(string Fingerprint, TreeEnsemble Model, IReadOnlyList<BoostingProgress> History)
{
    private const int Magic = 0x4B43_4D31;

    /// <summary>Bytes that <see cref="Deserialize"/> reads in any process.</summary>
    public byte[] Serialize()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write(Magic);
        writer.Write(Fingerprint);
        writer.Write(History.Count);
        foreach (BoostingProgress step in History)
        {
            writer.Write(step.Iterations);
            writer.Write(step.TrainingLoss ?? double.NaN);
            writer.Write(step.ValidationLoss ?? double.NaN);
        }

        TreeEnsembleFormat.Write(writer, Model);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>Reads what <see cref="Serialize"/> wrote.</summary>
    /// <exception cref="FormatException">The bytes are not a checkpoint, or damaged.</exception>
    public static BoostingCheckpoint Deserialize(ReadOnlySpan<byte> bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes.ToArray()));
        try
        {
            if (reader.ReadInt32() != Magic)
            {
                throw new FormatException("The bytes are not a training checkpoint; expected what Serialize wrote. Start without it.");
            }

            string fingerprint = reader.ReadString();
            int count = TreeEnsembleFormat.ReadCount(reader, 20);
            List<BoostingProgress> history = new(count);
            for (int i = 0; i < count; i++)
            {
                int iterations = reader.ReadInt32();
                history.Add(new BoostingProgress(i + 1, iterations, NullIfNaN(reader.ReadDouble()), NullIfNaN(reader.ReadDouble())));
            }

            return new BoostingCheckpoint(fingerprint, TreeEnsembleFormat.Read(reader), history);
        }
        catch (EndOfStreamException)
        {
            throw new FormatException("The checkpoint ends early: it was not written to its end. Start without it.");
        }
    }

    private static double? NullIfNaN(double value) => double.IsNaN(value) ? null : value;
}
