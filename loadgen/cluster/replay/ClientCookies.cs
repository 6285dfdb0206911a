using System.Globalization;
using System.Text;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// The cookies that a client's answers have set. All its requests go to one target, whatever its captured host was called, so domains do not matter; nor
/// does Secure, since a test system may well have no TLS.
/// </summary>
internal sealed class ClientCookies
{
    private const int MostCookies = 50;
    private const int LongestCookie = 4096;

    private readonly List<Cookie> _cookies = [];

    private sealed record Cookie(byte[] Name, byte[] Value, byte[] Path, DateTimeOffset Until);

    /// <summary>Takes the value of a field Set-Cookie; what browsers would not keep is left out.</summary>
    /// <param name="field">The value.</param>
    /// <param name="requestPath">Path of the request that it answers.</param>
    /// <param name="now">The time of day.</param>
    public void Take(ReadOnlySpan<byte> field, ReadOnlySpan<byte> requestPath, DateTimeOffset now)
    {
        var end = field.IndexOf((byte)';');
        var pair = end < 0 ? field : field[..end];
        var equals = pair.IndexOf((byte)'=');
        if (equals <= 0 || field.Length > LongestCookie)
            return;
        var name = pair[..equals].Trim((byte)' ');
        var (path, until) = Attributes(end < 0 ? default : field[(end + 1)..], DefaultPath(requestPath), now);
        var known = IndexOf(name, path);
        var cookie = new Cookie(name.ToArray(), pair[(equals + 1)..].Trim((byte)' ').ToArray(), path, until);
        // One that is over stays known: the captured value has gone with it.
        if (known >= 0)
            _cookies[known] = cookie;
        else if (_cookies.Count < MostCookies)
            _cookies.Add(cookie);
    }

    /// <summary>
    /// Writes the line with the cookies, if there are any: those that were captured, with the values that answers gave, and those of answers that belong to
    /// the path besides. Masked ones without a value are left out.
    /// </summary>
    /// <param name="captured">The captured line with its end; may be empty.</param>
    /// <param name="path">The request's path.</param>
    /// <param name="now">The time of day.</param>
    /// <param name="to">Takes the line.</param>
    /// <returns>How many values were put in, and how many left out.</returns>
    public (int Carried, int LeftOut) Write(ReadOnlySpan<byte> captured, ReadOnlySpan<byte> path, DateTimeOffset now, ref RenderedBytes to)
    {
        var (carried, leftOut, any) = (0, 0, false);
        Span<bool> sent = stackalloc bool[MostCookies];
        sent = sent[.._cookies.Count];
        var rest = Pairs(captured);
        while (NextPair(ref rest, out var name, out var value))
        {
            var known = Newest(name, path);
            if (known < 0 && MaskWord.IsIn(value))
            {
                leftOut++;
                continue;
            }

            if (known >= 0)
            {
                if (_cookies[known].Until <= now || sent[known])
                    continue;
                sent[known] = true;
                carried++;
                value = _cookies[known].Value;
            }

            WritePair(name, value, ref any, ref to);
        }

        for (var i = 0; i < _cookies.Count; i++)
        {
            var cookie = _cookies[i];
            if (sent[i] || cookie.Until <= now || !Covers(cookie.Path, path) || Newest(cookie.Name, path) != i)
                continue;
            WritePair(cookie.Name, cookie.Value, ref any, ref to);
            carried++;
        }

        if (any)
            to.Append("\r\n"u8);
        return (carried, leftOut);
    }

    private static void WritePair(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value, ref bool any, ref RenderedBytes to)
    {
        to.Append(any ? "; "u8 : "Cookie: "u8);
        to.Append(name);
        to.Append("="u8);
        SlotText.WriteField(value, ref to);
        any = true;
    }

    private int IndexOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        for (var i = 0; i < _cookies.Count; i++)
        {
            if (name.SequenceEqual(_cookies[i].Name) && path.SequenceEqual(_cookies[i].Path))
                return i;
        }

        return -1;
    }

    /// <summary>The cookie of a name that fits a path best; one of another path rather than none, since it was sent when it was captured.</summary>
    private int Newest(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        var (best, length) = (-1, -2);
        for (var i = 0; i < _cookies.Count; i++)
        {
            if (!name.SequenceEqual(_cookies[i].Name))
                continue;
            var fit = Covers(_cookies[i].Path, path) ? _cookies[i].Path.Length : -1;
            if (fit > length)
                (best, length) = (i, fit);
        }

        return best;
    }

    private static ReadOnlySpan<byte> Pairs(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        return colon < 0 ? [] : line[(colon + 1)..].Trim(" \t\r\n"u8);
    }

    private static bool NextPair(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = value = default;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)';');
            var pair = (end < 0 ? rest : rest[..end]).Trim((byte)' ');
            rest = end < 0 ? [] : rest[(end + 1)..];
            var equals = pair.IndexOf((byte)'=');
            if (pair.IsEmpty)
                continue;
            name = equals < 0 ? pair : pair[..equals];
            value = equals < 0 ? default : pair[(equals + 1)..];
            return true;
        }

        return false;
    }

    private static (byte[] Path, DateTimeOffset Until) Attributes(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> path, DateTimeOffset now)
    {
        var (expires, age) = ((DateTimeOffset?)null, (DateTimeOffset?)null);
        while (NextPair(ref rest, out var name, out var value))
        {
            if (Ascii.EqualsIgnoreCase(name, "path"u8) && value is [(byte)'/', ..])
                path = value;
            else if (Ascii.EqualsIgnoreCase(name, "max-age"u8) && long.TryParse(value, CultureInfo.InvariantCulture, out var seconds))
                age = now + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 400L * 24 * 60 * 60));
            else if (Ascii.EqualsIgnoreCase(name, "expires"u8) && DateTimeOffset.TryParse(Encoding.Latin1.GetString(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
                expires = date;
        }

        return (path.ToArray(), age ?? expires ?? DateTimeOffset.MaxValue);
    }

    private static ReadOnlySpan<byte> DefaultPath(ReadOnlySpan<byte> path)
    {
        var slash = path.LastIndexOf((byte)'/');
        return slash <= 0 ? "/"u8 : path[..slash];
    }

    private static bool Covers(ReadOnlySpan<byte> cookiePath, ReadOnlySpan<byte> path) =>
        path.StartsWith(cookiePath) && (cookiePath is [.., (byte)'/'] || path.Length == cookiePath.Length || path[cookiePath.Length] == '/');
}
