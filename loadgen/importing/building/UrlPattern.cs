namespace Pressure.LoadGen.Importing;

/// <summary>
/// What URLs of the same kind have in common: numbers, UUIDs, hashes and numbered words among the path's segments become
/// <c>{id}</c>, <c>{uuid}</c>, <c>{hash}</c> and <c>{slug}</c>; of the query only the names stay.
/// </summary>
internal static class UrlPattern
{
    // With more names than this a query is rather data than form.
    private const int MostNames = 16;

    public static string Of(string pathAndQuery)
    {
        Span<char> buffer = pathAndQuery.Length <= 1024 ? stackalloc char[Bound(pathAndQuery.Length)] : new char[Bound(pathAndQuery.Length)];
        return buffer[..Write(pathAndQuery, buffer)].ToString();
    }

    /// <summary>The longest pattern of a URL of this length: a segment of one digit becomes four characters.</summary>
    public static int Bound(int length) => (length * 3) + 8;

    /// <summary>Writes the pattern and gives its length.</summary>
    public static int Write(ReadOnlySpan<char> pathAndQuery, Span<char> pattern)
    {
        var question = pathAndQuery.IndexOf('?');
        var path = question < 0 ? pathAndQuery : pathAndQuery[..question];
        var length = 0;
        while (!path.IsEmpty)
        {
            var slash = path.IndexOf('/');
            var segment = slash < 0 ? path : path[..slash];
            Append(Placeholder(segment), pattern, ref length);
            if (slash < 0)
                break;
            pattern[length++] = '/';
            path = path[(slash + 1)..];
        }
        if (question >= 0)
            WriteNames(pathAndQuery[(question + 1)..], pattern, ref length);
        return length;
    }

    private static void WriteNames(ReadOnlySpan<char> query, Span<char> pattern, ref int length)
    {
        var separator = '?';
        var names = 0;
        foreach (var range in query.Split('&'))
        {
            var pair = query[range];
            var equals = pair.IndexOf('=');
            if (pair.IsEmpty)
                continue;
            if (++names > MostNames)
                break;
            pattern[length++] = separator;
            // Without '=' it may as well be a value.
            Append(equals < 0 ? Placeholder(pair) : pair[..equals], pattern, ref length);
            separator = '&';
        }
    }

    private static void Append(ReadOnlySpan<char> text, Span<char> pattern, ref int length)
    {
        text.CopyTo(pattern[length..]);
        length += text.Length;
    }

    private static ReadOnlySpan<char> Placeholder(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty)
            return segment;
        if (!segment.ContainsAnyExceptInRange('0', '9'))
            return "{id}";
        if (segment.Length == 36 && segment[8] == '-' && Guid.TryParseExact(segment, "D", out _))
            return "{uuid}";
        return IsHash(segment) ? "{hash}" : IsNumberedSlug(segment) ? "{slug}" : segment;
    }

    /// <summary>Words with a number of three digits and more between hyphens or underscores: <c>green-tea-48213</c>, <c>2024-05-01</c>.</summary>
    private static bool IsNumberedSlug(ReadOnlySpan<char> segment)
    {
        var (digits, parts, numbered) = (0, 1, false);
        foreach (var c in segment)
        {
            if (c is '-' or '_')
                (numbered, digits, parts) = (numbered || digits >= 3, 0, parts + 1);
            else
                digits = char.IsAsciiDigit(c) && digits >= 0 ? digits + 1 : -1;
        }
        return parts > 1 && (numbered || digits >= 3);
    }

    /// <summary>Hexadecimal from 16 digits on, or 20 and more letters and digits of the kind that only machines write.</summary>
    private static bool IsHash(ReadOnlySpan<char> segment)
    {
        if (segment.Length < 16)
            return false;
        var (hex, digits, upper, lower) = (true, 0, 0, 0);
        foreach (var c in segment)
        {
            hex &= char.IsAsciiHexDigit(c);
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            upper += char.IsAsciiLetterUpper(c) ? 1 : 0;
            lower += char.IsAsciiLetterLower(c) ? 1 : 0;
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '='))
                return false;
        }
        return (hex && digits > 0) || (segment.Length >= 20 && digits >= 3 && upper >= 3 && lower >= 3);
    }
}
