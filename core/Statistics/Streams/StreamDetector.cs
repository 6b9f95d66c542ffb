using System.Buffers.Binary;

namespace Mlops.Core.Statistics.Streams;

/// <summary>Watches a stream of numbers, one at a time, for a change of its mean or distribution. The state is a few numbers (a window for some), can be stored and resumed
/// anywhere, and depends on nothing but the values and the settings.</summary>
public abstract class StreamDetector
{
    /// <summary>Numbers a stored state may have.</summary>
    private const int MaximumState = 100_000;

    /// <summary>Takes the next value; what is no finite number is missing and changes nothing: one infinite value would make a mean infinite for good.</summary>
    public StreamSignal Update(double value) => double.IsFinite(value) ? Next(value) : StreamSignal.None;

    /// <summary>The state as text, short enough for a table property.</summary>
    public string Save()
    {
        Writer writer = new();
        Visit(writer);
        byte[] bytes = new byte[writer.Values.Count * 8];
        for (int i = 0; i < writer.Values.Count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * 8), writer.Values[i]);
        }

        return $"{GetType().Name}:{Convert.ToBase64String(bytes)}";
    }

    /// <summary>Resumes from what <see cref="Save"/> of a detector with the same settings returned.</summary>
    /// <exception cref="FormatException">The text is not the state of such a detector.</exception>
    public void Restore(string state)
    {
        ArgumentNullException.ThrowIfNull(state);
        string prefix = GetType().Name + ":";
        if (!state.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw new FormatException($"The state is not one of {GetType().Name}: it begins with '{state[..Math.Min(20, state.Length)]}'; expected '{prefix}'.");
        }

        byte[] bytes = Convert.FromBase64String(state[prefix.Length..]);
        if (bytes.Length % 8 != 0 || bytes.Length / 8 > MaximumState)
        {
            throw new FormatException($"The state of {GetType().Name} has {bytes.Length} bytes; expected a multiple of 8, at most {8 * MaximumState}.");
        }

        double[] values = new double[bytes.Length / 8];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes.AsSpan(i * 8));
        }

        Reader reader = new(values, GetType().Name);
        Visit(reader);
        reader.End();
    }

    /// <summary>The detector's rule.</summary>
    protected abstract StreamSignal Next(double value);

    /// <summary>Passes every number of the state through <paramref name="state"/>, in a fixed order: one method that both saves and restores cannot disagree with itself.</summary>
    protected abstract void Visit(StateVisitor state);

    private sealed class Writer : StateVisitor
    {
        public List<double> Values { get; } = [];

        public override double Value(double current)
        {
            Values.Add(current);
            return current;
        }

        public override void List(List<double> current)
        {
            Values.Add(current.Count);
            Values.AddRange(current);
        }
    }

    private sealed class Reader(double[] values, string name) : StateVisitor
    {
        private int _position;

        public override double Value(double current) => _position < values.Length
            ? values[_position++]
            : throw new FormatException($"The state of {name} has {values.Length} numbers, too few: it was saved with other settings.");

        public override void List(List<double> current)
        {
            double count = Value(0);
            if (!(count >= 0 && count <= values.Length - _position))
            {
                throw new FormatException($"The state of {name} announces {count} numbers and has {values.Length - _position}.");
            }

            current.Clear();
            current.AddRange(values.AsSpan(_position, (int)count));
            _position += (int)count;
        }

        public void End()
        {
            if (_position != values.Length)
            {
                throw new FormatException($"The state of {name} has {values.Length} numbers; {_position} are expected. It was saved with other settings.");
            }
        }
    }
}
