using System.Text;
using Pressure.LoadGen;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Says which captured requests are replayed, and of the others why not. Used by one thread.</summary>
internal sealed class ReplayFilter(ReplayOrder order, int seed)
{
    private readonly byte[][] _methods = [.. order.Methods.Select(Encoding.ASCII.GetBytes)];
    private readonly WildcardPattern[] _hosts = [.. order.Hosts.Select(h => new WildcardPattern(h, ignoreCase: true))];
    private readonly WildcardPattern[] _paths = [.. order.Paths.Select(p => new WildcardPattern(p))];
    private readonly WildcardPattern[] _except = [.. order.ExceptPaths.Select(p => new WildcardPattern(p))];

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

        return order.Share == 1 || ConnectionSample.Takes(exchange.Connection, order.Share, ReplayHash.Of(seed, capture)) ? SkipReason.None : SkipReason.Share;
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
        if (_hosts.Length > 0 && !IsLikeAny(_hosts, head.Host) && !IsLikeAny(_hosts, RequestForm.WithoutPort(head.Host)))
            return false;
        return (_paths.Length == 0 || IsLikeAny(_paths, head.Path)) && !IsLikeAny(_except, head.Path);
    }

    private static bool IsLikeAny(WildcardPattern[] patterns, ReadOnlySpan<byte> text)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.IsMatch(text))
                return true;
        }

        return false;
    }
}
