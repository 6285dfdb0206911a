namespace Pressure.LoadGen.Engine;

/// <summary>
/// The header fields a request goes out with: the plan's, beside those that every request has. The plan may replace Host,
/// User-Agent and traceparent; it may not replace what frames the message, nor the mark of the run.
/// </summary>
internal static class RequestHeaders
{
    /// <summary>Where a traceparent's ids go.</summary>
    public const string TracePlaceholder = "00-00000000000000000000000000000000-0000000000000000-01";

    /// <summary>Length, framing and upgrades are the engine's to say.</summary>
    private static readonly HashSet<string> Own =
        new(["Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "X-Pressure-Run"], StringComparer.OrdinalIgnoreCase);

    private static string Version => typeof(RequestHeaders).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>All fields but those that frame the body, in the order they are sent; traceparent holds zeros unless the plan gives one.</summary>
    public static List<KeyValuePair<string, string>> Of(Step.Request request, HttpOptions options, string runId)
    {
        var given = request.Headers.Where(h => !Own.Contains(h.Key)).ToList();
        var fields = new List<KeyValuePair<string, string>>();
        AddUnlessGiven("Host", HostOf(request.Url));
        AddUnlessGiven("User-Agent", $"Pressure/{Version}");
        if (options.Compression)
            AddUnlessGiven("Accept-Encoding", "gzip, deflate, br");
        fields.AddRange(given.Where(h => !Is(h, "baggage") && (options.KeepAlive || !Is(h, "Connection"))));
        fields.Add(new("X-Pressure-Run", runId));
        fields.Add(new("baggage", string.Join(',', given.Where(h => Is(h, "baggage")).Select(h => h.Value).Append($"pressure.run={runId}"))));
        AddUnlessGiven("traceparent", TracePlaceholder);
        if (!options.KeepAlive)
            fields.Add(new("Connection", "close"));
        return fields;

        void AddUnlessGiven(string name, string value)
        {
            if (!given.Any(h => Is(h, name)))
                fields.Add(new(name, value));
        }
    }

    /// <summary>A URL's host, and its port unless that goes without saying.</summary>
    public static string HostOf(Uri url) => url.IsDefaultPort ? Host(url) : $"{Host(url)}:{url.Port}";

    private static bool Is(KeyValuePair<string, string> field, string name) => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    // IdnHost drops the brackets of an IPv6 address.
    private static string Host(Uri url) => url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost;
}
