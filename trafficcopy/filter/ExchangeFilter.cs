using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Hands on the exchanges that the rules let through, and counts the others by reason. Used by one thread at a time.</summary>
public sealed class ExchangeFilter : IExchangeSink
{
    private readonly FilterRules _rules;
    private readonly IExchangeSink _next;
    private readonly long[] _leftOut = new long[Enum.GetValues<FilterReason>().Length];
    private readonly byte[][] _methods;
    private readonly (WildcardPattern Pattern, bool HasPort)[] _hosts;
    private readonly (WildcardPattern Pattern, bool HasQuery)[] _paths;
    private readonly (WildcardPattern Pattern, bool HasQuery)[] _exceptPaths;
    private byte[] _joined = new byte[1024];

    /// <summary>A filter before a sink.</summary>
    public ExchangeFilter(FilterRules rules, IExchangeSink next)
    {
        (_rules, _next) = (rules, next);
        _methods = [.. rules.Methods.Select(m => Encoding.ASCII.GetBytes(m.ToUpperInvariant()))];
        _hosts = [.. rules.Hosts.Select(h => (new WildcardPattern(h, ignoreCase: true), h.Contains(':')))];
        _paths = [.. rules.Paths.Select(p => (new WildcardPattern(p), p.Contains('?')))];
        _exceptPaths = [.. rules.ExceptPaths.Select(p => (new WildcardPattern(p), p.Contains('?')))];
    }

    /// <summary>How many were left out for a reason; each for the first one that held.</summary>
    public long this[FilterReason reason] => _leftOut[(int)reason];

    /// <summary>How many were left out, by reason in lower case.</summary>
    public IReadOnlyDictionary<string, long> LeftOut =>
        Enum.GetValues<FilterReason>().Where(r => r != FilterReason.None && this[r] > 0).ToDictionary(r => r.ToString().ToLowerInvariant(), r => this[r]);

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
        var reason = Judge(exchange);
        if (reason == FilterReason.None)
            _next.Take(exchange);
        else
            _leftOut[(int)reason]++;
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at) => _next.EndConnection(connection, at);

    /// <summary>Why it would be left out.</summary>
    public FilterReason Judge(CapturedExchange exchange)
    {
        if (_rules.Share < 1 && !ConnectionSample.Takes(exchange.Connection, _rules.Share, _rules.Seed))
            return FilterReason.Sample;
        if (exchange.At < _rules.From || exchange.At >= _rules.Until)
            return FilterReason.Time;
        if (_methods.Length + _hosts.Length + _paths.Length + _exceptPaths.Length > 0)
        {
            var reason = exchange.Protocol == TrafficProtocol.Tcp ? JudgeTcp(exchange) : JudgeHead(new HttpHead(exchange.Request.Head.Span));
            if (reason != FilterReason.None)
                return reason;
        }

        return _rules.StatusClasses.Count > 0 && !_rules.StatusClasses.Contains(StatusClass(exchange)) ? FilterReason.Status : FilterReason.None;
    }

    private static int StatusClass(CapturedExchange exchange) => exchange.HasResponse ? new HttpHead(exchange.Response.Head.Span).Status / 100 : 0;

    private FilterReason JudgeHead(HttpHead head)
    {
        if (_methods.Length > 0 && !HasMethod(head.Method))
            return FilterReason.Method;
        if (_hosts.Length > 0 && !HasHost(head.Host))
            return FilterReason.Host;
        return JudgePath(head.Path, head.Query);
    }

    private FilterReason JudgeTcp(CapturedExchange exchange)
    {
        if (_methods.Length > 0 && !HasMethod("TCP"u8))
            return FilterReason.Method;
        if (_hosts.Length > 0 && !HasHost(Encoding.ASCII.GetBytes(exchange.Server.Address.ToString())))
            return FilterReason.Host;
        Span<byte> port = stackalloc byte[8];
        port[0] = (byte)':';
        exchange.Server.Port.TryFormat(port[1..], out var digits);
        return JudgePath(port[..(1 + digits)], []);
    }

    private FilterReason JudgePath(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query) =>
        (_paths.Length > 0 && !Matches(_paths, path, query)) || (_exceptPaths.Length > 0 && Matches(_exceptPaths, path, query)) ? FilterReason.Path : FilterReason.None;

    private bool HasMethod(ReadOnlySpan<byte> method)
    {
        foreach (var wanted in _methods)
        {
            if (wanted.Length == method.Length && Ascii.EqualsIgnoreCase(wanted, method))
                return true;
        }

        return false;
    }

    private bool HasHost(ReadOnlySpan<byte> host)
    {
        var port = host.LastIndexOf((byte)':');
        // An IPv6 address has colons within its brackets.
        var bare = port < 0 || host[port..].Contains((byte)']') ? host : host[..port];
        foreach (var (pattern, hasPort) in _hosts)
        {
            if (pattern.IsMatch(hasPort ? host : bare))
                return true;
        }

        return false;
    }

    private bool Matches((WildcardPattern Pattern, bool HasQuery)[] patterns, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        foreach (var (pattern, hasQuery) in patterns)
        {
            if (pattern.IsMatch(hasQuery ? Join(path, query) : path))
                return true;
        }

        return false;
    }

    private ReadOnlySpan<byte> Join(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        var length = path.Length + 1 + query.Length;
        if (_joined.Length < length)
            _joined = new byte[length * 2];
        path.CopyTo(_joined);
        _joined[path.Length] = (byte)'?';
        query.CopyTo(_joined.AsSpan(path.Length + 1));
        return _joined.AsSpan(0, length);
    }
}
