using System.Net;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Tells SocketsHttpHandler to send http requests to the proxy, in absolute form. Everything else goes through a <see cref="ProxyTunnel"/>
/// of our own, since the handler's tunnels ask without the password first and don't tell why they failed.
/// </summary>
internal sealed class PlainHttpProxy(HttpProxy proxy) : IWebProxy
{
    /// <inheritdoc/>
    public ICredentials? Credentials { get; set; }

    /// <inheritdoc/>
    public Uri GetProxy(Uri destination) => proxy.Address;

    /// <inheritdoc/>
    public bool IsBypassed(Uri host) => host.Scheme != Uri.UriSchemeHttp;
}
