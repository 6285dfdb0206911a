using System.Net;
using System.Net.Sockets;

namespace Pressure.LoadGen.Engine;

/// <summary>A scheme, host and port, and the addresses its name resolves to. Resolved off the lanes, read by all of them.</summary>
internal sealed class Origin(string scheme, string host, int port)
{
    private volatile IReadOnlyList<IPEndPoint>? _addresses = IPAddress.TryParse(host, out var address) ? [new IPEndPoint(address, port)] : null;

    /// <summary>Name or address, as certificates have it.</summary>
    public string Host => host;

    /// <summary>As it stands in URLs: <c>http://127.0.0.1:5080</c>.</summary>
    public string Authority { get; } = new UriBuilder(scheme, host, port).Uri.GetLeftPart(UriPartial.Authority);

    /// <summary>Whether it speaks TLS: over HTTP, or (of a replay) raw.</summary>
    public bool IsSecure => scheme is "https" or "tls";

    /// <summary>Where to connect; null while the name is being resolved, empty when it did not resolve.</summary>
    public IReadOnlyList<IPEndPoint>? Addresses => _addresses;

    /// <summary>The origins of a plan's requests, each once.</summary>
    public static IReadOnlyList<Origin> Of(LoadPlan plan) =>
        [.. plan.Requests.Select(r => (r.Url.Scheme, r.Url.IdnHost, r.Url.Port)).Distinct().Select(o => new Origin(o.Scheme, o.IdnHost, o.Port))];

    /// <summary>The position of a URL's origin.</summary>
    public static int IndexOf(IReadOnlyList<Origin> origins, Uri url)
    {
        for (var i = 0; ; i++)
        {
            if (origins[i].Is(url))
                return i;
        }
    }

    /// <summary>Resolves the name; one that does not resolve is tried again every second, since a name may come to life in a run.</summary>
    public async Task ResolveAsync(CancellationToken stop)
    {
        while (_addresses is not { Count: > 0 } && !stop.IsCancellationRequested)
        {
            try
            {
                // The system's resolver goes on for as long as it likes; a run that ends does not wait for it.
                _addresses = [.. (await Dns.GetHostAddressesAsync(host, stop).WaitAsync(stop)).Select(a => new IPEndPoint(a, port))];
            }
            catch (Exception e) when (e is SocketException or ArgumentException)
            {
                _addresses = [];
                await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Whether a URL has it.</summary>
    public bool Is(Uri url) => url.Scheme == scheme && url.IdnHost == host && url.Port == port;
}
