using System.Buffers.Binary;

namespace Pressure.TrafficCopy;

/// <summary>What a connection speaks.</summary>
internal enum Spoken
{
    /// <summary>More bytes are needed.</summary>
    Unknown,

    /// <summary>HTTP/1.x.</summary>
    Http1,

    /// <summary>HTTP/2 without TLS.</summary>
    Http2,

    /// <summary>TLS.</summary>
    Tls,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>Tells by a side's first bytes what it speaks.</summary>
internal static class FirstLook
{
    private const int LongestRequestLine = 16 << 10;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>What a side speaks that begins so.</summary>
    public static Spoken At(Side side, ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Spoken.Unknown : side == Side.Client ? AtClient(bytes) : AtServer(bytes);

    /// <summary>What a side speaks of which these bytes are from the middle, as far as they begin a message or a record, and which side speaks so.</summary>
    public static Spoken InMiddle(ReadOnlySpan<byte> bytes, Side from, out Side speaker)
    {
        speaker = Side.Client;
        if (bytes.StartsWith(Preface))
            return Spoken.Http2;
        var line = bytes[..Math.Max(0, bytes.IndexOf((byte)'\n'))].TrimEnd((byte)'\r');
        if (StartLine.TryReadRequest(line, out _, out _))
            return Spoken.Http1;
        if (StartLine.TryReadStatus(line, out _, out _))
        {
            speaker = Side.Server;
            return Spoken.Http1;
        }
        // Of TLS only the two hellos tell whose they are.
        speaker = bytes.Length < 6 || bytes[0] != 0x16 ? from : bytes[5] switch { 1 => Side.Client, 2 => Side.Server, _ => from };
        return IsTlsRecord(bytes) ? Spoken.Tls : Spoken.Unknown;
    }

    /// <summary>Whether these bytes are whole frames of HTTP/2 of a connection whose beginning is not known.</summary>
    public static bool AreHttp2Frames(ReadOnlySpan<byte> bytes)
    {
        var frames = 0;
        while (bytes.Length >= 9)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes) >>> 8;
            if (length > 16 << 10 || bytes[3] > 9 || (bytes[5] & 0x80) != 0 || bytes.Length < 9 + length)
                return false;
            bytes = bytes[(9 + length)..];
            frames++;
        }
        return frames > 0 && bytes.IsEmpty;
    }

    private static Spoken AtClient(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == 0x16)
            return Tls(bytes, handshake: 1);
        if (Preface.StartsWith(bytes[..Math.Min(bytes.Length, 16)]))
            return bytes.Length < 16 ? Spoken.Unknown : Spoken.Http2;
        bytes = bytes.TrimStart("\r\n"u8);
        if (!StartLine.MayBegin(bytes, Side.Client))
            return bytes.IsEmpty ? Spoken.Unknown : Spoken.Other;
        var space = bytes.IndexOf((byte)' ');
        var target = bytes[(space + 1)..];
        if (space > 0 && StartLine.KnownMethodBefore(bytes[..space]) == space && (target.StartsWith("/"u8) || target.StartsWith("http"u8)))
            return Spoken.Http1;
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
            return bytes.Length < LongestRequestLine ? Spoken.Unknown : Spoken.Other;
        return StartLine.TryReadRequest(bytes[..end].TrimEnd((byte)'\r'), out _, out _) ? Spoken.Http1 : Spoken.Other;
    }

    private static Spoken AtServer(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == 0x16)
            return Tls(bytes, handshake: 2);
        if (StartLine.MayBegin(bytes, Side.Server))
            return bytes.Length < 7 ? Spoken.Unknown : Spoken.Http1;
        return IsSettings(bytes);
    }

    private static Spoken Tls(ReadOnlySpan<byte> bytes, byte handshake)
    {
        if (bytes.Length > 1 && bytes[1] != 3 || bytes.Length > 2 && bytes[2] > 4 || bytes.Length > 5 && bytes[5] != handshake)
            return Spoken.Other;
        return bytes.Length < 6 ? Spoken.Unknown : Spoken.Tls;
    }

    private static bool IsTlsRecord(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 5 && bytes[0] is >= 20 and <= 23 && bytes[1] == 3 && bytes[2] <= 4
        && BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]) is > 0 and <= (16 << 10) + 2048;

    /// <summary>A server of HTTP/2 may send its settings before its client has said anything.</summary>
    private static Spoken IsSettings(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != 0)
            return Spoken.Other;
        if (bytes.Length < 9)
            return Spoken.Unknown;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes) >>> 8;
        return length % 6 == 0 && bytes[3] == 4 && bytes[4] == 0 && bytes[5..9].IndexOfAnyExcept((byte)0) < 0 ? Spoken.Http2 : Spoken.Other;
    }
}
