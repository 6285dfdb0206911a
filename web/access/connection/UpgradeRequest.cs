using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Pressure.Web.Access;

/// <summary>The head of a request for the path of agents' connections. Everything else is left to the HTTP server.</summary>
internal static class UpgradeRequest
{
    /// <summary>Bytes of the longest head.</summary>
    public const int MaxBytes = 8 * 1024;

    private static ReadOnlySpan<byte> Start => "GET /agent HTTP/1.1\r\n"u8;

    /// <summary>Whether the bytes are such a request (true), aren't (false), or are too few to tell (null).</summary>
    public static bool? Begins(ReadOnlySequence<byte> bytes)
    {
        Span<byte> head = stackalloc byte[Start.Length];
        var there = (int)Math.Min(bytes.Length, head.Length);
        bytes.Slice(0, there).CopyTo(head);
        if (!Start.StartsWith(head[..there]))
            return false;
        return there == Start.Length ? true : null;
    }

    /// <summary>Takes the head off the bytes: the answer to it, or null while it is not whole.</summary>
    /// <exception cref="InvalidDataException">It is no WebSocket's.</exception>
    public static byte[]? Answer(ref ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        if (!reader.TryReadTo(out ReadOnlySequence<byte> head, "\r\n\r\n"u8))
            return bytes.Length > MaxBytes ? throw new InvalidDataException("The head of the request is too long.") : null;
        var lines = Encoding.Latin1.GetString(head).Split("\r\n");
        string? Value(string name) => lines.Skip(1)
            .Select(l => l.Split(':', 2))
            .FirstOrDefault(p => p.Length == 2 && p[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();
        if (Value("Upgrade")?.Contains("websocket", StringComparison.OrdinalIgnoreCase) != true || Value("Sec-WebSocket-Version") != "13"
            || Value("Sec-WebSocket-Key") is not { Length: 24 } key)
            throw new InvalidDataException("Agents open a WebSocket here (RFC 6455, version 13).");
        bytes = bytes.Slice(reader.Position);
        return Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Accept(key)}\r\n\r\n");
    }

    private static string Accept(string key)
    {
#pragma warning disable CA5350 // The protocol's own; it proves nothing but that the server speaks it.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
    }
}
