using System.Security.Cryptography;
using System.Text;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>The server's side of a WebSocket written by hand, to do it wrongly.</summary>
internal static class BadSocket
{
    /// <summary>Answers the handshake rightly.</summary>
    public static async Task AcceptAsync(RawConnection connection, string more = "")
    {
        var head = await connection.ReadRequestAsync();
        var key = head!.Split("\r\n").Single(l => l.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase))[19..];
#pragma warning disable CA5350 // The protocol's own.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await connection.WriteAsync($"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n{more}\r\n");
    }

    /// <summary>A frame: final text of fewer than 126 bytes.</summary>
    public static byte[] Text(string text) => [0x81, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    /// <summary>Reads a frame of the client, of fewer than 126 bytes; its first byte.</summary>
    public static async Task<int> ReadFrameAsync(RawConnection connection)
    {
        var head = await connection.ReadBytesAsync(6);
        await connection.ReadBytesAsync(head[1] & 0x7F);
        return head[0];
    }
}
