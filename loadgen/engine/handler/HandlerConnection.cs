using System.Net;
using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>Opens TCP connections: name, then its addresses one after the other, from the plan's local addresses.</summary>
internal static class HandlerConnection
{
    /// <summary>Connects for SocketsHttpHandler, through the proxy if there is one; the phases of the request that asked for it are told.</summary>
    public static async ValueTask<Socket> OpenAsync(SocketsHttpConnectionContext context, LocalEndpoints locals, HttpProxy? proxy, CancellationToken cancel)
    {
        var phases = PhasesOf(context.InitialRequestMessage);
        if (proxy is null)
            return await OpenAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, locals, phases, cancel);
        var socket = await OpenAsync(proxy, locals, phases, cancel);
        try
        {
            // For http the handler has named the proxy as the endpoint, and speaks to it itself.
            if (context.InitialRequestMessage.RequestUri!.Scheme != Uri.UriSchemeHttp)
                await ProxyTunnel.OpenAsync(socket, proxy, context.DnsEndPoint, cancel);
            phases?.Connected();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects to a host.</summary>
    /// <exception cref="SocketException">The name did not resolve, or no address answered; from the last one tried.</exception>
    public static async Task<Socket> OpenAsync(string host, int port, LocalEndpoints locals, HandlerPhases? phases, CancellationToken cancel)
    {
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

    private static async Task<Socket> OpenAsync(HttpProxy proxy, LocalEndpoints locals, HandlerPhases? phases, CancellationToken cancel)
    {
        try
        {
            return await OpenAsync(proxy.Address.IdnHost, proxy.Address.Port, locals, phases, cancel);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            throw new ProxyFailedException(RequestError.ProxyUnreachable, e);
        }
    }

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
