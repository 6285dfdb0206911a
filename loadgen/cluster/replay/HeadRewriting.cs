using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Says which fields of captured requests go out, and adds those that are set.</summary>
internal sealed class HeadRewriting
{
    private readonly byte[][] _replaced;

    /// <param name="target">What is pressed.</param>
    /// <param name="rewrites">What is set and removed; of two for the same field the later one counts.</param>
    public HeadRewriting(Uri target, IReadOnlyList<ReplayRewrite> rewrites)
    {
        var headers = rewrites.OfType<ReplayRewrite.Header>().GroupBy(h => h.Name, StringComparer.OrdinalIgnoreCase).Select(g => g.Last()).ToList();
        _replaced = [.. headers.Select(h => Encoding.ASCII.GetBytes(h.Name.ToLowerInvariant()))];
        var host = headers.Find(h => h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase))?.Value ?? HostOf(target);
        Host = Encoding.ASCII.GetBytes($"Host: {host}\r\n");
        var set = headers.Where(h => h.Value is not null && !h.Name.Equals("Host", StringComparison.OrdinalIgnoreCase));
        Set = Encoding.ASCII.GetBytes(string.Concat(set.Select(h => $"{h.Name}: {h.Value}\r\n")));
        SetsCookies = headers.Exists(h => h.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The line with the host.</summary>
    public byte[] Host { get; }

    /// <summary>The lines that are set.</summary>
    public byte[] Set { get; }

    /// <summary>Whether the field Cookie is set or removed, and so nobody else's business.</summary>
    public bool SetsCookies { get; }

    /// <summary>Whether a captured field stays.</summary>
    public bool Keeps(HttpField field)
    {
        foreach (var name in _replaced)
        {
            if (field.Is(name))
                return false;
        }

        return true;
    }

    private static string HostOf(Uri url)
    {
        // IdnHost drops the brackets of an IPv6 address.
        var host = url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
        return url.IsDefaultPort || url.Port < 0 ? host : $"{host}:{url.Port}";
    }
}
