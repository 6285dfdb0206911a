using System.Net;
using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>Opens TCP connections for SocketsHttpHandler: name, then its addresses one after the other, from the plan's local addresses.</summary>
internal static class HandlerConnection
{
    /// <summary>Connects; the phases of the request that asked for it are told.</summary>
    public static async ValueTask<Socket> OpenAsync(SocketsHttpConnectionContext context, LocalEndpoints locals, CancellationToken cancel)
    {
        var phases = PhasesOf(context.InitialRequestMessage);
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        phases?.Resolving();
        var addresses = IPAddress.TryParse(host, out var given) ? [given] : await Dns.GetHostAddressesAsync(host, cancel);
        phases?.Connecting();
        for (var i = 0; ; i++)
        {
            try
            {
                var socket = await ConnectAsync(new IPEndPoint(addresses[i], port), locals, cancel);
                phases?.Connected();
                return socket;
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                // The next address may answer.
            }
        }
    }

    /// <summary>What was stowed in a request; null if its phases are not timed.</summary>
    public static HandlerPhases? PhasesOf(HttpRequestMessage request) => request.Options.TryGetValue(HandlerPhases.Key, out var phases) ? phases : null;

    private static async Task<Socket> ConnectAsync(IPEndPoint to, LocalEndpoints locals, CancellationToken cancel)
    {
        var socket = new Socket(to.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            locals.Bind(socket);
            await socket.ConnectAsync(to, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
