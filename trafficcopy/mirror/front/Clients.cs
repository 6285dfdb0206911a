using System.Net;
using System.Net.Security;
using System.Text;

namespace Pressure.Mirror;

/// <summary>Connections to servers: production and targets of copies have none in common.</summary>
internal static class Clients
{
    private static readonly TimeSpan ToConnect = TimeSpan.FromSeconds(15);

    /// <summary>For production: nothing is added, followed or decoded.</summary>
    public static SocketsHttpHandler ForProduction() => Plain(ToConnect);

    /// <summary>For copies: no more connections than copies at a time.</summary>
    public static SocketsHttpHandler ForCopies(MirrorPlan plan)
    {
        var handler = Plain(plan.Limits.Timeout);
        handler.MaxConnectionsPerServer = plan.Limits.Concurrency;
        // A test target that has moved to another address is found again.
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(5);
        if (plan.TrustsAnyTarget)
#pragma warning disable CA5359 // Asked for by name, for test targets with certificates of their own making; production is always checked.
            handler.SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5359
        return handler;
    }

    private static SocketsHttpHandler Plain(TimeSpan toConnect) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = toConnect,
        // Bytes of fields pass as they are, whatever they mean to whom they are for.
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
    };
}
