using System.Net;
using System.Net.Sockets;

namespace Pressure.Web.Hosting;

/// <summary>Where the service listens, as asked (<see cref="Host"/>) and as bound (<see cref="EndPoint"/>).</summary>
internal sealed record ListenAddress(string Host, IPEndPoint EndPoint)
{
    /// <summary>Reads <c>http://host:port</c>, or <c>https://host:port</c> where that is the scheme.</summary>
    /// <exception cref="IOException">Not such an address, or its host's name has no address.</exception>
    public static async Task<ListenAddress> ParseAsync(string url, string scheme = "http")
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != scheme || uri.PathAndQuery != "/")
            throw new IOException($"{url} is no address to listen on. Write {(scheme == Uri.UriSchemeHttp ? "http://127.0.0.1:5100 (a proxy in front can add https)" : "https://0.0.0.0:5443")}.");
        var host = uri.IdnHost;
        if (host == "localhost")
            return new ListenAddress(host, new IPEndPoint(IPAddress.Loopback, uri.Port));
        if (IPAddress.TryParse(host, out var address))
            return new ListenAddress(host, new IPEndPoint(address, uri.Port));
        try
        {
            return new ListenAddress(host, new IPEndPoint((await Dns.GetHostAddressesAsync(host))[0], uri.Port));
        }
        catch (SocketException e)
        {
            throw new IOException($"Cannot listen on {url}: {host} has no address ({e.Message}). Write an address of this machine, e.g. 127.0.0.1.", e);
        }
    }

    /// <summary>The address for people: the name that was asked for with the port that was bound.</summary>
    public string UrlOf(string bound)
    {
        var port = new Uri(bound).Port;
        return new UriBuilder(Uri.UriSchemeHttp, Host, port).Uri.GetLeftPart(UriPartial.Authority);
    }
}
