using System.Net;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// SocketsHttpHandler set up to send what the plan says and nothing else: no redirects, cookies or tracing of its own, and no proxy
/// but the plan's, whatever the environment says.
/// </summary>
internal static class HandlerFactory
{
    private static readonly TimeSpan UsualIdle = TimeSpan.FromMinutes(1);

    /// <summary>Makes a handler.</summary>
    /// <param name="options">What the plan says.</param>
    /// <param name="locals">Where connections come from.</param>
    /// <param name="onOpenClose">Gets +1 for each connection opened and -1 when it is closed.</param>
    /// <param name="isOver">Whether nothing may be sent any more: the request that a new connection was opened for then ends with <see cref="LeaseOverException"/>.</param>
    public static SocketsHttpHandler Create(HttpOptions options, LocalEndpoints locals, Action<int> onOpenClose, Func<bool>? isOver = null) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = options.Proxy is not null,
        Proxy = options.Proxy is { } proxy ? new PlainHttpProxy(proxy) : null,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.KeepAliveIdle == TimeSpan.MaxValue ? UsualIdle : options.KeepAliveIdle,
        PooledConnectionLifetime = options.KeepAlive ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseHeadersLength = ResponseParser.MaxHeaderBytes / 1024,
        EnableMultipleHttp2Connections = true,
        SslOptions = HandlerTls.Of(options),
        ConnectCallback = async (context, cancel) => new CountedStream(await HandlerConnection.OpenAsync(context, locals, options.Proxy, cancel), onOpenClose),
        PlaintextStreamFilter = (context, _) =>
        {
            if (context.InitialRequestMessage.RequestUri?.Scheme is "https" or "wss")
                HandlerConnection.PhasesOf(context.InitialRequestMessage)?.Secured();
            if (isOver?.Invoke() == true)
                throw new LeaseOverException();
            return ValueTask.FromResult(context.PlaintextStream);
        },
    };
}
