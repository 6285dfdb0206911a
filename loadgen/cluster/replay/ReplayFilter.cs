using System.IO.Enumeration;
using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Says which captured requests are replayed, and of the others why not. Used by one thread.</summary>
internal sealed class ReplayFilter(ReplayOrder order, int seed)
{
    private readonly byte[][] _methods = [.. order.Methods.Select(Encoding.ASCII.GetBytes)];
    private char[] _text = new char[512];

    /// <summary>The first reason that holds, what is never replayed before what was not asked for.</summary>
    public SkipReason Judge(CapturedExchange exchange, int capture)
    {
        var unfit = Unfit(exchange);
        if (unfit != SkipReason.None)
            return unfit;
        if (exchange.Protocol != TrafficProtocol.Tcp)
        {
            var head = new HttpHead(exchange.Request.Head.Span);
            if (!RequestForm.IsSound(head))
                return SkipReason.Undecodable;
            if (!IsNamed(head.Method))
                return SkipReason.Method;
            if (!IsAsked(head))
                return SkipReason.Filtered;
        }

        return order.Share < 1 && ReplayHash.Share(ReplayHash.Of(seed, capture, exchange.Connection)) >= order.Share ? SkipReason.Share : SkipReason.None;
    }

    private SkipReason Unfit(CapturedExchange exchange)
    {
        var marks = exchange.Marks;
        if (exchange.Protocol == TrafficProtocol.Tcp && !order.Tcp)
            return SkipReason.Tcp;
        if ((marks & (ExchangeMarks.Smuggling | ExchangeMarks.Upgrade | ExchangeMarks.RequestIncomplete | ExchangeMarks.RequestCut)) == 0)
            return exchange.Request.BodyLength == exchange.Request.Body.Length ? SkipReason.None : SkipReason.Cut;
        return marks.HasFlag(ExchangeMarks.Smuggling) ? SkipReason.Smuggling
            : marks.HasFlag(ExchangeMarks.Upgrade) ? SkipReason.Upgrade
            : marks.HasFlag(ExchangeMarks.RequestIncomplete) ? SkipReason.Incomplete
            : SkipReason.Cut;
    }

    private bool IsNamed(ReadOnlySpan<byte> method)
    {
        foreach (var named in _methods)
        {
            if (method.SequenceEqual(named))
                return true;
        }

        return false;
    }

    private bool IsAsked(HttpHead head)
    {
        if (order.Hosts.Count > 0)
        {
            var host = Text(RequestForm.HostOf(head));
            if (!Matches(order.Hosts, host, ignoreCase: true) && !Matches(order.Hosts, RequestForm.WithoutPort(host), ignoreCase: true))
                return false;
        }

        if (order.Paths.Count == 0 && order.ExceptPaths.Count == 0)
            return true;
        var path = Text(RequestForm.PathOf(head.Target));
        return (order.Paths.Count == 0 || Matches(order.Paths, path, ignoreCase: false)) && !Matches(order.ExceptPaths, path, ignoreCase: false);
    }

    private static bool Matches(IReadOnlyList<string> patterns, ReadOnlySpan<char> text, bool ignoreCase)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (FileSystemName.MatchesSimpleExpression(patterns[i], text, ignoreCase))
                return true;
        }

        return false;
    }

    private ReadOnlySpan<char> Text(ReadOnlySpan<byte> bytes)
    {
        if (_text.Length < bytes.Length)
            _text = new char[bytes.Length];
        return _text.AsSpan(0, Encoding.Latin1.GetChars(bytes, _text));
    }
}
