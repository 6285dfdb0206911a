using System.Net;
using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// SocketsHttpHandler set up to send what the plan says and nothing else: no redirects, cookies or tracing of its own, and no proxy
/// but the plan's, whatever the environment says.
/// </summary>
internal static class HandlerFactory
{
    /// <summary>Makes a handler; <paramref name="onOpenClose"/> gets +1 for each connection opened and -1 when it is closed.</summary>
    public static SocketsHttpHandler Create(HttpOptions options, Action<int> onOpenClose) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = options.Proxy is not null,
        Proxy = options.Proxy is { } proxy ? new PlainHttpProxy(proxy) : null,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseHeadersLength = ResponseParser.MaxHeaderBytes / 1024,
        EnableMultipleHttp2Connections = true,
        SslOptions = HandlerTls.Of(options),
        ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await ConnectAsync(socket, context, options.Proxy, cancel);
                return new CountedStream(socket, onOpenClose);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static async Task ConnectAsync(Socket socket, SocketsHttpConnectionContext context, HttpProxy? proxy, CancellationToken cancel)
    {
        if (proxy is null)
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return;
        }

        try
        {
            await socket.ConnectAsync(proxy.Address.IdnHost, proxy.Address.Port, cancel);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            throw new ProxyFailedException(RequestError.ProxyUnreachable, e);
        }

        // For http the handler has named the proxy as the endpoint, and speaks to it itself.
        if (context.InitialRequestMessage.RequestUri!.Scheme != Uri.UriSchemeHttp)
            await ProxyTunnel.OpenAsync(socket, proxy, context.DnsEndPoint, cancel);
    }
}
