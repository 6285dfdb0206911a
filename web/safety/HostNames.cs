using System.Net;
using Microsoft.AspNetCore.Http;
using Pressure.Web.Hosting;

namespace Pressure.Web.Safety;

/// <summary>
/// Which <c>Host</c> headers are answered. A page on the internet can point its own name at 127.0.0.1 (DNS rebinding) and would then be
/// of the same origin as the service in a browser's eyes; but it can't make the browser send another host than that name.
/// Addresses can't be rebound, so only names are checked.
/// </summary>
/// <param name="listen">Where the service listens.</param>
/// <param name="more">Names that it has besides.</param>
internal sealed class HostNames(ListenAddress listen, IReadOnlyList<string> more)
{
    private readonly HashSet<string> _names = new(["localhost", listen.Host, Environment.MachineName, .. more], StringComparer.OrdinalIgnoreCase);

    public bool Knows(HostString host) =>
        host.HasValue && (_names.Contains(host.Host) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _));
}
