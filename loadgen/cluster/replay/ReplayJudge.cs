using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>Says which exchanges of a replay's captures are sent, one after the other. Used by one thread.</summary>
internal sealed class ReplayJudge(ReplayJob job)
{
    private readonly ReplayFilter _filter = new(job.Order, job.Seed);
    private readonly HashSet<(int Capture, long Connection)> _broken = [];

    /// <summary>Why an exchange is skipped; <see cref="SkipReason.None"/> if it is not.</summary>
    public SkipReason Judge(CapturedExchange exchange, int capture)
    {
        var reason = _filter.Judge(exchange, capture);
        if (exchange.Protocol != TrafficProtocol.Tcp || reason is SkipReason.Tcp or SkipReason.Share)
            return reason;
        var isLast = exchange.Marks.HasFlag(ExchangeMarks.Last);
        if (isLast ? _broken.Remove((capture, exchange.Connection)) : _broken.Contains((capture, exchange.Connection)))
            return SkipReason.AfterGap;
        if (reason != SkipReason.None && !isLast)
            _broken.Add((capture, exchange.Connection));
        return reason;
    }

    /// <summary>Everything begins again.</summary>
    public void Restart() => _broken.Clear();
}
