using System.Net;
using System.Net.Sockets;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>A tunnel through a proxy (RFC 9110, 9.3.6): CONNECT, and after a 2xx the bytes are the target's.</summary>
internal static class ProxyTunnel
{
    private const int LongestHead = 16 * 1024;

    /// <summary>Opens it over a connection to the proxy.</summary>
    /// <exception cref="ProxyFailedException">The proxy refused, or is none.</exception>
    public static async Task OpenAsync(Socket socket, HttpProxy proxy, DnsEndPoint target, CancellationToken cancel)
    {
        var authority = target.Host.Contains(':', StringComparison.Ordinal) && target.Host[0] != '[' ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}";
        var authorization = proxy.Authorization is { } value ? $"Proxy-Authorization: {value}\r\n" : "";
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n{authorization}\r\n"), cancel);
            var status = StatusOf(await ReadHeadAsync(socket, cancel));
            if (status == (int)HttpStatusCode.ProxyAuthenticationRequired)
                throw new ProxyFailedException(RequestError.ProxyAuthRequired);
            if (status is < 200 or >= 300)
                throw new ProxyFailedException(RequestError.ProxyRefused);
        }
        catch (SocketException e)
        {
            throw new ProxyFailedException(RequestError.ProxyRefused, e);
        }
    }

    // Byte by byte over the end: what comes behind the head is the target's. A proxy sends it in one piece, so this peeks once or twice.
    private static async Task<string> ReadHeadAsync(Socket socket, CancellationToken cancel)
    {
        var head = new byte[LongestHead];
        for (var length = 0; length < head.Length;)
        {
            var seen = await socket.ReceiveAsync(head.AsMemory(length), SocketFlags.Peek, cancel);
            if (seen == 0)
                break;
            var end = head.AsSpan(0, length + seen).IndexOf("\r\n\r\n"u8);
            var taken = end < 0 ? seen : end + 4 - length;
            length += await socket.ReceiveAsync(head.AsMemory(length, taken), SocketFlags.None, cancel);
            if (end >= 0)
                return Encoding.Latin1.GetString(head, 0, end);
        }

        throw new ProxyFailedException(RequestError.ProxyRefused);
    }

    private static int StatusOf(string head) =>
        head.StartsWith("HTTP/1.", StringComparison.Ordinal) && head.Split(' ', 3) is [_, { Length: >= 3 } digits, ..] && int.TryParse(digits.AsSpan(0, 3), out var status) ? status : 0;
}
