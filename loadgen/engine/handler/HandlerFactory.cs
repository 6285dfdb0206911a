using System.Net;
using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>SocketsHttpHandler set up to send what the plan says and nothing else: no redirects, cookies, proxies or tracing of its own.</summary>
internal static class HandlerFactory
{
    private static readonly TimeSpan UsualIdle = TimeSpan.FromMinutes(1);

    /// <summary>Makes a handler; <paramref name="onOpenClose"/> gets +1 for each connection opened and -1 when it is closed.</summary>
    public static SocketsHttpHandler Create(HttpOptions options, LocalEndpoints locals, Action<int> onOpenClose) => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionIdleTimeout = options.KeepAliveIdle == TimeSpan.MaxValue ? UsualIdle : options.KeepAliveIdle,
        PooledConnectionLifetime = options.KeepAlive ? Timeout.InfiniteTimeSpan : TimeSpan.Zero,
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseHeadersLength = ResponseParser.MaxHeaderBytes / 1024,
        EnableMultipleHttp2Connections = true,
        SslOptions = HandlerTls.Of(options),
        ConnectCallback = async (context, cancel) => new CountedStream(await HandlerConnection.OpenAsync(context, locals, cancel), onOpenClose),
        PlaintextStreamFilter = (context, _) =>
        {
            if (context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps)
                HandlerConnection.PhasesOf(context.InitialRequestMessage)?.Secured();
            return ValueTask.FromResult(context.PlaintextStream);
        },
    };

    private sealed class CountedStream : NetworkStream
    {
        private readonly Action<int> _onOpenClose;
        private int _closed;

        public CountedStream(Socket socket, Action<int> onOpenClose)
            : base(socket, ownsSocket: true)
        {
            _onOpenClose = onOpenClose;
            onOpenClose(1);
        }

        protected override void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
                _onOpenClose(-1);
            base.Dispose(disposing);
        }
    }
}
