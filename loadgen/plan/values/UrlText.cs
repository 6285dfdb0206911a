namespace Pressure.LoadGen;

/// <summary>
/// URLs: absolute http or https ones, or paths below the target. Spaces and non-ASCII letters become percent-encoded UTF-8,
/// international host names their ASCII form as typed (without folding case or width); what is percent-encoded already stays.
/// </summary>
internal static class UrlText
{
    /// <summary>Scheme of raw TCP connections.</summary>
    public const string Tcp = "tcp";

    private const int Longest = 8_000;
    private const string TooLongRemedy = "Shorten the URL; long values belong into the body.";
    private const string StepRemedy = "Write a path that begins with '/', or a whole URL such as http://127.0.0.1:5080/items.";

    /// <summary>The base URL under test, without query; one of a WebSocket means its http or https server.</summary>
    public static Complaint? ParseTarget(string text, out Uri url) =>
        ParseAbsolute(IsSocket(text.Trim()) ? AsHttp(text.Trim()) : text.Trim(), out url)
        ?? (url.Query.Length > 0 ? new("has a query", "Move the query into the steps.") : null);

    /// <summary>The same of a replay, which may go to a server that speaks something else: <c>tcp://127.0.0.1:6379</c>.</summary>
    public static Complaint? ParseReplayTarget(string text, out Uri url)
    {
        const string scheme = Tcp + "://";
        var trimmed = text.Trim();
        return trimmed.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? ParseTcp(trimmed[scheme.Length..].TrimEnd('/'), out url) : ParseTarget(text, out url);
    }

    /// <summary>A step's URL. A path is put behind the target's own path: <c>http://host/api</c> and <c>/items</c> give <c>http://host/api/items</c>.</summary>
    public static ValueReader<Uri> Below(Uri target) => (string text, out Uri url) =>
    {
        url = target;
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
            return new("is empty", StepRemedy);
        if (trimmed.StartsWith("//", StringComparison.Ordinal) || (trimmed[0] != '/' && !trimmed.Contains("://", StringComparison.Ordinal)))
            return new($"'{Shown.Of(text)}' is neither a path nor a whole URL", StepRemedy);
        return ParseAbsolute(trimmed[0] == '/' ? target.AbsoluteUri.TrimEnd('/') + trimmed : trimmed, out url);
    };

    /// <summary>A WebSocket's URL: a path below the target, or one that begins with ws or wss.</summary>
    public static ValueReader<Uri> SocketBelow(Uri target) => (string text, out Uri url) =>
    {
        var trimmed = text.Trim();
        url = target;
        if (trimmed.Contains("://", StringComparison.Ordinal) && !IsSocket(trimmed))
            return new($"'{Shown.Of(text)}' is not a ws or wss URL", "Write a path that begins with '/', or a whole URL such as ws://127.0.0.1:5080/chat.");
        var complaint = Below(target)(IsSocket(trimmed) ? AsHttp(trimmed) : trimmed, out var http);
        url = new UriBuilder(http) { Scheme = http.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs, Port = http.Port }.Uri;
        return complaint;
    };

    /// <summary>Where a raw TCP connection goes: <c>host:port</c>.</summary>
    public static Complaint? ParseTcp(string text, out Uri url)
    {
        const string Remedy = "Write host and port: 127.0.0.1:7000.";
        url = new("tcp://target.invalid:1");
        var trimmed = text.Trim();
        var digits = trimmed.Length - trimmed.AsSpan().TrimEnd("0123456789").Length;
        if (digits is 0 or > 5 || digits == trimmed.Length || trimmed[^(digits + 1)] != ':')
            return new($"'{Shown.Of(text)}' has no port", Remedy);
        if (trimmed.Contains('/', StringComparison.Ordinal) || ParseAbsolute($"http://{trimmed}", out var http) is not null)
            return new($"'{Shown.Of(text)}' is not a host with a port", Remedy);
        url = new($"{Tcp}://{http.Host}:{http.Port}");
        return null;
    }

    /// <summary>The URL with pairs added to its query, unless it becomes too long.</summary>
    public static Complaint? WithQuery(Uri url, IReadOnlyList<KeyValuePair<string, string>> pairs, out Uri longer)
    {
        longer = url;
        if (pairs.Count == 0)
            return null;
        var text = url.AbsoluteUri + (url.Query.Length > 0 ? "&" : "?") + Encode(pairs);
        if (text.Length > Longest)
            return new($"makes the URL longer than {Longest:N0} characters", TooLongRemedy);
        longer = new(text);
        return null;
    }

    /// <summary>Pairs as in a query: <c>a=1&amp;b=%E5%95%86</c>.</summary>
    public static string Encode(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('&', pairs.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));

    private static bool IsSocket(string url) => url.StartsWith("ws://", StringComparison.OrdinalIgnoreCase) || url.StartsWith("wss://", StringComparison.OrdinalIgnoreCase);

    private static string AsHttp(string socket) => $"http{socket[2..]}";

    private static Complaint? ParseAbsolute(string text, out Uri url)
    {
        url = new("http://target.invalid");
        if (text.Length > Longest)
            return new($"is longer than {Longest:N0} characters", TooLongRemedy);
        if (text.Any(c => char.IsControl(c) || c == '\\'))
            return new($"'{Shown.Of(text)}' contains a backslash or a control character", "Percent-encode it (a backslash is %5C).");
        if (!text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return new($"'{Shown.Of(text)}' is not an http or https URL", $"Write http://{(text.Contains("://", StringComparison.Ordinal) ? "127.0.0.1:5080" : Shown.Of(text))}.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0 || parsed.Port == 0)
            return new($"'{Shown.Of(text)}' is not a valid URL", "Check host and port, such as http://127.0.0.1:5080.");
        if (parsed.UserInfo.Length > 0)
            return new("has a user name or password in it", "Remove it; send an Authorization header instead.");
        if (parsed.Fragment.Length > 0)
            return new("has a fragment ('#'), which is never sent", "Remove it, or write %23 for a literal '#'.");
        try
        {
            // AbsoluteUri encodes the path but leaves an international host as it was typed.
            url = new UriBuilder(parsed) { Host = parsed.IdnHost }.Uri;
            return null;
        }
        catch (UriFormatException)
        {
            return new($"'{Shown.Of(text)}' has a host name that the internet does not know", "Check the letters of the host name.");
        }
    }
}
