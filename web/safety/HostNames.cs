using System.Net;
using Microsoft.AspNetCore.Http;
using Pressure.Web.Hosting;

namespace Pressure.Web.Safety;

/// <summary>
/// Which <c>Host</c> headers are answered. A page on the internet can point its own name at 127.0.0.1 (DNS rebinding) and would then be
/// of the same origin as the service in a browser's eyes; but it can't make the browser send another host than that name.
/// Addresses can't be rebound, so only names are checked.
/// </summary>
internal sealed class HostNames(ListenAddress listen)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", listen.Host, Environment.MachineName };

    public bool Knows(HostString host) =>
        host.HasValue && (_names.Contains(host.Host) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _));
}
