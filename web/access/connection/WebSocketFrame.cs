using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Pressure.Web.Access;

/// <summary>Kinds of WebSocket frames (RFC 6455, 5.2).</summary>
internal enum WebSocketOpcode : byte
{
    /// <summary>Goes on with a message.</summary>
    Continuation = 0,

    /// <summary>A message of text.</summary>
    Text = 1,

    /// <summary>A message of bytes.</summary>
    Binary = 2,

    /// <summary>The end.</summary>
    Close = 8,

    /// <summary>Are you there?</summary>
    Ping = 9,

    /// <summary>I am.</summary>
    Pong = 10,
}

/// <summary>A frame as a client sent it, its payload still masked and where it came.</summary>
/// <param name="Opcode">Its kind.</param>
/// <param name="IsLast">Whether it ends its message.</param>
/// <param name="Mask">The client's mask.</param>
/// <param name="Payload">Masked.</param>
internal readonly record struct WebSocketFrame(WebSocketOpcode Opcode, bool IsLast, uint Mask, ReadOnlySequence<byte> Payload)
{
    private const int LongestHeader = 14;

    /// <summary>
    /// Takes the first frame off a client's bytes; false if it is not all there. Frames of control have 125 bytes at the most, others
    /// <paramref name="most"/>: a longer one is refused by its header already.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are no frame of a client.</exception>
    public static bool TryRead(ref ReadOnlySequence<byte> bytes, int most, out WebSocketFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[LongestHeader];
        var there = (int)Math.Min(bytes.Length, LongestHeader);
        bytes.Slice(0, there).CopyTo(header);
        if (there < 2)
            return false;
        var opcode = (WebSocketOpcode)(header[0] & 0x0f);
        var isLast = (header[0] & 0x80) != 0;
        if ((header[0] & 0x70) != 0 || !Enum.IsDefined(opcode))
            throw new InvalidDataException("A WebSocket frame of an unknown kind.");
        if ((header[1] & 0x80) == 0)
            throw new InvalidDataException("A WebSocket frame without a mask.");
        long length = header[1] & 0x7f;
        if (opcode >= WebSocketOpcode.Close && (length > 125 || !isLast))
            throw new InvalidDataException("A WebSocket frame of control that is long or in pieces.");
        var at = 2;
        if (length == 126)
            (length, at) = (BinaryPrimitives.ReadUInt16BigEndian(header[2..]), 4);
        else if (length == 127)
            (length, at) = (BinaryPrimitives.ReadInt64BigEndian(header[2..]), 10);
        // The rest of the header may not be there yet; then its length is none either.
        if (there < at)
            return false;
        if (length < 0 || length > most)
            throw new InvalidDataException($"A frame of {(ulong)length} bytes is longer than {most}.");
        if (bytes.Length < at + 4 + length)
            return false;
        frame = new WebSocketFrame(opcode, isLast, BinaryPrimitives.ReadUInt32LittleEndian(header[at..]), bytes.Slice(at + 4, length));
        bytes = bytes.Slice(at + 4 + length);
        return true;
    }

    /// <summary>Writes the payload, unmasked.</summary>
    public void CopyTo(Span<byte> to)
    {
        Payload.CopyTo(to);
        Unmask(to[..(int)Payload.Length], Mask);
    }

    /// <summary>The header of a server's frame that is a message of its own.</summary>
    public static int WriteHeader(Span<byte> to, WebSocketOpcode opcode, int length)
    {
        to[0] = (byte)(0x80 | (byte)opcode);
        switch (length)
        {
            case < 126:
                to[1] = (byte)length;
                return 2;
            case <= ushort.MaxValue:
                to[1] = 126;
                BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)length);
                return 4;
            default:
                to[1] = 127;
                BinaryPrimitives.WriteInt64BigEndian(to[2..], length);
                return 10;
        }
    }

    private static void Unmask(Span<byte> bytes, uint mask)
    {
        if (Vector.IsHardwareAccelerated && bytes.Length >= Vector<byte>.Count)
        {
            var wide = Vector.AsVectorByte(new Vector<uint>(mask));
            while (bytes.Length >= Vector<byte>.Count)
            {
                (new Vector<byte>(bytes) ^ wide).CopyTo(bytes);
                bytes = bytes[Vector<byte>.Count..];
            }
        }
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] ^= (byte)(mask >> (i % 4 * 8));
    }
}
