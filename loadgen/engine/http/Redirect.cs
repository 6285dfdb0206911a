using System.Text;

namespace Pressure.LoadGen.Engine;

/// <summary>What a response with a status of 3xx asks for.</summary>
internal enum RedirectKind
{
    /// <summary>Nothing: it is an answer like any other.</summary>
    None,

    /// <summary>To be asked for elsewhere.</summary>
    Follow,

    /// <summary>To be asked for at something that is no URL.</summary>
    Invalid,
}

/// <summary>Where a redirect leads.</summary>
/// <param name="Url">Absolute, whatever its scheme.</param>
/// <param name="AsGet">The next request is a GET without a body; else it is the same once more.</param>
internal readonly record struct Redirect(Uri Url, bool AsGet)
{
    /// <summary>
    /// Reads a response (RFC 9110, 15.4): 301 and 302 make a GET of a POST, 303 of everything but HEAD, 307 and 308 change nothing.
    /// Other statuses, and those without a Location, are answers.
    /// </summary>
    public static RedirectKind Read(int status, string method, Uri from, ReadOnlySpan<byte> location, out Redirect redirect)
    {
        redirect = default;
        if (status is not (301 or 302 or 303 or 307 or 308) || location.Length == 0)
            return RedirectKind.None;
        if (!TryResolve(from, Encoding.UTF8.GetString(location), out var url))
            return RedirectKind.Invalid;
        redirect = new(url, AsGet: status switch
        {
            303 => method is not ("GET" or "HEAD"),
            301 or 302 => method == "POST",
            _ => false,
        });
        return RedirectKind.Follow;
    }

    // What begins with a slash would be taken for the name of a file.
    private static bool TryResolve(Uri from, string location, out Uri url)
    {
        url = from;
        var kind = location[0] == '/' ? UriKind.Relative : UriKind.RelativeOrAbsolute;
        if (location.Any(c => char.IsControl(c) || c is '\\' or '\ufffd') || !Uri.TryCreate(location, kind, out var reference) || !Uri.TryCreate(from, reference, out var found))
            return false;
        url = found;
        return found.Scheme is not ("http" or "https") || (found.Host.Length > 0 && found.Port > 0);
    }
}
