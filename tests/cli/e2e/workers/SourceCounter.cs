using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pressure.Cli.Tests.EndToEnd;

/// <summary>Answers with 200, and counts by where requests come from.</summary>
internal sealed class SourceCounter
{
    private readonly ConcurrentDictionary<IPAddress, int> _counts = new();

    public int All => _counts.Values.Sum();

    public int Of(IPAddress source) => _counts.GetValueOrDefault(source);

    public async Task ServeAsync(Socket socket, CancellationToken stop)
    {
        var source = ((IPEndPoint)socket.RemoteEndPoint!).Address;
        using var reader = new StreamReader(new NetworkStream(socket), Encoding.ASCII);
        while (await reader.ReadLineAsync(stop) is { } line)
        {
            if (line.Length > 0)
                continue;
            _counts.AddOrUpdate(source, 1, (_, count) => count + 1);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), stop);
        }
    }
}
