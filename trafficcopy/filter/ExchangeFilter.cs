using System.Text;

namespace Pressure.TrafficCopy;

/// <summary>Hands on the exchanges that the rules let through, and counts the others by reason. Used by one thread at a time.</summary>
public sealed class ExchangeFilter : IExchangeSink
{
    private readonly FilterRules _rules;
    private readonly IExchangeSink _next;
    private readonly long[] _leftOut = new long[Enum.GetValues<FilterReason>().Length];
    private readonly byte[][] _methods;
    private readonly Wanted _hosts;
    private readonly Wanted _paths;
    private readonly Wanted _exceptPaths;

    /// <summary>A filter before a sink.</summary>
    public ExchangeFilter(FilterRules rules, IExchangeSink next)
    {
        (_rules, _next) = (rules, next);
        _methods = [.. rules.Methods.Select(m => Encoding.ASCII.GetBytes(m.ToUpperInvariant()))];
        _hosts = new Wanted(rules.Hosts, ':', ignoreCase: true);
        _paths = new Wanted(rules.Paths, '?', ignoreCase: false);
        _exceptPaths = new Wanted(rules.ExceptPaths, '?', ignoreCase: false);
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
        if (_methods.Length + _hosts.Count + _paths.Count + _exceptPaths.Count > 0)
        {
            var reason = exchange.Protocol == TrafficProtocol.Tcp ? JudgeTcp(exchange) : JudgeHead(new MessageHead(exchange.Request.Head.Span));
            if (reason != FilterReason.None)
                return reason;
        }

        return _rules.StatusClasses.Count > 0 && !_rules.StatusClasses.Contains(StatusClass(exchange)) ? FilterReason.Status : FilterReason.None;
    }

    private static int StatusClass(CapturedExchange exchange) => exchange.HasResponse ? new MessageHead(exchange.Response.Head.Span).Status / 100 : 0;

    private FilterReason JudgeHead(MessageHead head)
    {
        if (_methods.Length > 0 && !HasMethod(head.Method))
            return FilterReason.Method;
        var target = new RequestTarget(head.Target);
        if (_hosts.Count > 0 && !_hosts.Matches(target.Host.IsEmpty && head.TryFind("host"u8, out var host) ? host : target.Host))
            return FilterReason.Host;
        return JudgePath(target.PathAndQuery);
    }

    private FilterReason JudgeTcp(CapturedExchange exchange)
    {
        if (_methods.Length > 0 && !HasMethod("TCP"u8))
            return FilterReason.Method;
        if (_hosts.Count > 0 && !_hosts.Matches(Encoding.ASCII.GetBytes(exchange.Server.Address.ToString())))
            return FilterReason.Host;
        Span<byte> port = stackalloc byte[8];
        port[0] = (byte)':';
        exchange.Server.Port.TryFormat(port[1..], out var digits);
        return JudgePath(port[..(1 + digits)]);
    }

    private FilterReason JudgePath(ReadOnlySpan<byte> path) =>
        (_paths.Count > 0 && !_paths.Matches(path)) || (_exceptPaths.Count > 0 && _exceptPaths.Matches(path)) ? FilterReason.Path : FilterReason.None;

    private bool HasMethod(ReadOnlySpan<byte> method)
    {
        foreach (var wanted in _methods)
        {
            if (wanted.Length == method.Length && Ascii.EqualsIgnoreCase(wanted, method))
                return true;
        }

        return false;
    }

    /// <summary>Patterns of which one has to match; those that do not have the separator look only at what is before it.</summary>
    private sealed class Wanted(IReadOnlyList<string> patterns, char separator, bool ignoreCase)
    {
        private readonly (WildcardPattern Pattern, bool Whole)[] _patterns = [.. patterns.Select(p => (new WildcardPattern(p, ignoreCase), p.Contains(separator)))];

        public int Count => _patterns.Length;

        public bool Matches(ReadOnlySpan<byte> text)
        {
            var before = Before(text);
            foreach (var (pattern, whole) in _patterns)
            {
                if (pattern.IsMatch(whole ? text : before))
                    return true;
            }

            return false;
        }

        private ReadOnlySpan<byte> Before(ReadOnlySpan<byte> text)
        {
            var end = separator == '?' ? text.IndexOf((byte)'?') : text.LastIndexOf((byte)separator);
            // An IPv6 host has colons within its brackets, and raw TCP's port begins with one.
            return end <= 0 || text[end..].Contains((byte)']') ? text : text[..end];
        }
    }
}
