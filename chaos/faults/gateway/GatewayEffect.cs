namespace Pressure.Faults;

/// <summary>What a rule of the fault gateway does. A closed set.</summary>
public abstract record GatewayEffect
{
    private GatewayEffect()
    {
    }

    /// <summary>Whether it is for routes of HTTP; else for those of TCP.</summary>
    public abstract bool IsHttp { get; }

    /// <summary>A request waits before it goes on.</summary>
    public sealed record DelayRequest(TimeSpan Delay, TimeSpan Jitter) : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>A request's connection is reset.</summary>
    public sealed record AbortRequest : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>A request is answered by the gateway; the service does not see it.</summary>
    public sealed record Answer(int Status, string Body) : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>So many bytes of the response's body arrive, then the connection is reset.</summary>
    public sealed record TruncateBody(long Bytes) : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>The response has another body.</summary>
    public sealed record ReplaceBody(string Body) : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>One byte in a thousand of the response's body, the first one above all, is another one.</summary>
    public sealed record CorruptBody : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => true;
    }

    /// <summary>Bytes of a connection are late, few, or wait.</summary>
    /// <param name="Flow">How.</param>
    /// <param name="In">Those that go to the service.</param>
    /// <param name="Out">Those that come from it.</param>
    public sealed record Slow(Flow Flow, bool In, bool Out) : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => false;
    }

    /// <summary>Connections are reset, open ones and new ones.</summary>
    public sealed record ResetConnection : GatewayEffect
    {
        /// <inheritdoc/>
        public override bool IsHttp => false;
    }
}

/// <summary>A rule of the fault gateway.</summary>
/// <param name="Share">Share of the requests, or of the connections, that it strikes.</param>
/// <param name="Requests">Which requests; connections are all meant.</param>
/// <param name="Effect">What it does.</param>
public sealed record GatewayRule(double Share, RequestMatch Requests, GatewayEffect Effect);

/// <summary>Which requests a rule means; what is empty means all.</summary>
/// <param name="Path">A path's beginning; an asterisk in it stands for anything: <c>/item/*/price</c>.</param>
/// <param name="Method">A method.</param>
/// <param name="Header">A header's name, or name and value: <c>X-Tenant: acme</c>.</param>
public sealed record RequestMatch(string Path = "", string Method = "", string Header = "")
{
    /// <summary>Whether a request is meant.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="method">Its method.</param>
    /// <param name="header">Looks up a header's value; null if it has none of that name.</param>
    public bool Means(string path, string method, Func<string, string?> header) =>
        (Method.Length == 0 || Method.Equals(method, StringComparison.OrdinalIgnoreCase)) && Begins(path, Path.Split('*')) && HasHeader(header);

    /// <summary>The parts of the pattern follow each other in the path, the first one at its beginning.</summary>
    private static bool Begins(string path, string[] parts)
    {
        var rest = path.AsSpan();
        for (var n = 0; n < parts.Length; n++)
        {
            var at = n == 0 ? (rest.StartsWith(parts[0], StringComparison.Ordinal) ? 0 : -1) : rest.IndexOf(parts[n], StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + parts[n].Length)..];
        }
        return true;
    }

    private bool HasHeader(Func<string, string?> header)
    {
        if (Header.Length == 0)
            return true;
        var colon = Header.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? header(Header.Trim()) is not null : header(Header[..colon].Trim()) == Header[(colon + 1)..].Trim();
    }
}
