using System.Numerics;

namespace Mlops.Core.Learning.Onnx;

/// <summary>Walks the fields of a protocol-buffers message in place: nothing is copied or built, so that a hostile file costs only its own bytes.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> _message = message;
    private int _position;

    /// <summary>The number of the field that the reader stands on.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>Goes to the next field; false at the end of the message.</summary>
    /// <exception cref="FormatException">The message is cut off or is none.</exception>
    public bool Next()
    {
        if (_position == _message.Length)
        {
            return false;
        }

        ulong tag = ReadVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        Type = (WireType)(tag & 7);
        return Field > 0 && Type is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32 ? true : throw new FormatException("a field with a damaged tag");
    }

    /// <summary>The value of a field that is written as a varint.</summary>
    public ulong Varint() => Type == WireType.Varint ? ReadVarint() : throw Wrong();

    /// <summary>The bytes of a text, a message or a packed list.</summary>
    public ReadOnlySpan<byte> Bytes() => Type == WireType.Bytes ? Take(ReadVarint()) : throw Wrong();

    /// <summary>Passes over the value.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Bytes:
                Take(ReadVarint());
                break;
            default:
                Take(Type == WireType.Fixed64 ? 8u : 4u);
                break;
        }
    }

    /// <summary>How many values of a repeated number field stand here: one, or all of a packed list. Passes over them.</summary>
    public long CountNumbers(WireType element)
    {
        if (Type == element)
        {
            Skip();
            return 1;
        }

        ReadOnlySpan<byte> packed = Bytes();
        return element switch
        {
            WireType.Fixed32 when packed.Length % 4 == 0 => packed.Length / 4,
            WireType.Fixed64 when packed.Length % 8 == 0 => packed.Length / 8,
            WireType.Varint when packed.IsEmpty || packed[^1] < 0x80 => CountVarints(packed),
            _ => throw new FormatException($"the field {Field} with a list of {packed.Length} bytes, which is no whole number of values"),
        };
    }

    /// <summary>A packed list of varints.</summary>
    public static bool TryTakeVarint(ref ReadOnlySpan<byte> packed, out ulong value)
    {
        if (packed.IsEmpty)
        {
            value = 0;
            return false;
        }

        WireReader reader = new(packed);
        value = reader.ReadVarint();
        packed = packed[reader._position..];
        return true;
    }

    // A varint ends at the first byte without the top bit.
    private static long CountVarints(ReadOnlySpan<byte> packed)
    {
        long count = 0;
        while (packed.Length >= sizeof(ulong))
        {
            count += sizeof(ulong) - BitOperations.PopCount(BitConverter.ToUInt64(packed) & 0x8080808080808080);
            packed = packed[sizeof(ulong)..];
        }

        foreach (byte last in packed)
        {
            count += last < 0x80 ? 1 : 0;
        }

        return count;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (_position == _message.Length)
            {
                throw Cut();
            }

            byte next = _message[_position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("a number of more than ten bytes");
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)(_message.Length - _position))
        {
            throw Cut();
        }

        ReadOnlySpan<byte> taken = _message.Slice(_position, (int)length);
        _position += (int)length;
        return taken;
    }

    private readonly FormatException Wrong() => new($"the field {Field} written as {Type}");

    private static FormatException Cut() => new("a field that goes on beyond the end: the file is cut off or damaged");
}

/// <summary>How a field's value is written.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
