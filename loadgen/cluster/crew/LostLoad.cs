using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>How many requests of a share the schedule asks for between two moments, by their position in the plan; null when nobody can know (users, replays).</summary>
internal delegate IReadOnlyList<long>? AskedLoad(int share, TimeSpan from, TimeSpan until);

/// <summary>
/// What nobody made, or of which nobody could tell any more, once a run is over: counted as asked and not sent, so that all that was asked is exactly what the schedule asks for.
/// A pure function.
/// </summary>
/// <remarks>
/// <code>
///   told        |-a-|-a-|-a-|               |-b-|-b-|-b-|
///   schedule    |. . . . . . . . . . . . . . . . . . . .|
///   not sent                 |. . . . . . . |               and what a had begun and not ended
/// </code>
/// </remarks>
internal sealed class LostLoad(ShareLedger ledger, IReadOnlyList<ShareTotals> told, AskedLoad asked, int requestCount)
{
    /// <summary>Seconds to be added to the record, and what the timeline tells of them.</summary>
    /// <param name="end">Where the load ended.</param>
    public (IReadOnlyList<Interval> Seconds, IReadOnlyList<TimelineEvent.ShareUnsent> Events) Count(TimeSpan end)
    {
        var (seconds, events) = (new List<Interval>(), new List<TimelineEvent.ShareUnsent>());
        foreach (var terms in ledger.Shares)
        {
            List<ShareTerm> lost = [.. terms.Where(t => t.IsLost)];
            if (lost.Count > 0)
                Count(terms[^1], [.. lost.Select(t => Gap.Of(t, end))], end, seconds, events);
        }
        return (seconds, events);
    }

    private void Count(ShareTerm last, List<Gap> gaps, TimeSpan end, List<Interval> seconds, List<TimelineEvent.ShareUnsent> events)
    {
        var share = last.Share;
        var until = last is { IsLost: false, Ended: { } ended } && ended.Until < end ? ended.Until : end;
        var missing = Missing(share, until);
        var first = seconds.Count;
        foreach (var gap in gaps)
        {
            var begin = seconds.Count;
            Fill(gap, share, missing, seconds);
            gap.Requests = seconds.Skip(begin).Sum(s => s.Requests.Sum(r => r.NotSent));
        }
        // What is left of it was begun by a lost worker: further steps of iterations, requests that waited or were under way.
        gaps[0].Requests += Settle(share, (int)gaps[0].From.TotalSeconds, missing, seconds, first);
        events.AddRange(gaps.Where(g => g.Requests > 0).Select(g => new TimelineEvent.ShareUnsent(g.From, g.Until, share, g.Worker, g.Requests)));
    }

    /// <summary>Of each request, what the schedule asks for and nobody told.</summary>
    private long[] Missing(int share, TimeSpan until)
    {
        var missing = new long[requestCount];
        if (asked(share, TimeSpan.Zero, until) is { } all)
        {
            for (var i = 0; i < requestCount; i++)
                missing[i] = Math.Max(0, all[i] - told[share].Asked(i));
        }
        return missing;
    }

    /// <summary>Each in the second in which it was due.</summary>
    private void Fill(Gap gap, int share, long[] missing, List<Interval> seconds)
    {
        for (var second = (int)gap.From.TotalSeconds; TimeSpan.FromSeconds(second) < gap.Until; second++)
        {
            var (from, to) = (TimeSpan.FromSeconds(second), TimeSpan.FromSeconds(second + 1));
            if (asked(share, from > gap.From ? from : gap.From, to < gap.Until ? to : gap.Until) is not { } due)
                return;
            var unsent = new Interval(share, second, requestCount);
            for (var i = 0; i < requestCount; i++)
            {
                var count = Math.Min(due[i], missing[i]);
                unsent.Requests[i].Asked = unsent.Requests[i].NotSent = count;
                missing[i] -= count;
            }
            if (unsent.Requests.Any(r => r.NotSent > 0))
                seconds.Add(unsent);
        }
    }

    private long Settle(int share, int second, long[] missing, List<Interval> seconds, int first)
    {
        var rest = new Interval(share, second, requestCount);
        for (var i = 0; i < requestCount; i++)
        {
            rest.Requests[i].Asked = missing[i];
            rest.Requests[i].NotSent = missing[i] + told[share].Waiting(i);
            rest.Requests[i].Failed = told[share].UnderWay(i);
            rest.Requests[i].CountError(RequestError.Stopped, rest.Requests[i].Failed);
        }
        if (rest.Requests.Any(r => r.NotSent + r.Failed > 0))
            seconds.Insert(first, rest);
        return rest.Requests.Sum(r => r.NotSent);
    }

    /// <summary>A time of a share in which nobody made it, or nobody told of it.</summary>
    private sealed class Gap(string worker, TimeSpan from, TimeSpan until)
    {
        public string Worker => worker;

        public TimeSpan From => from;

        public TimeSpan Until => until;

        public long Requests { get; set; }

        public static Gap Of(ShareTerm lost, TimeSpan end)
        {
            var made = lost.Ended?.Until ?? (lost.Seconds.Count > 0 ? TimeSpan.FromSeconds(lost.Seconds.Last + 1) : lost.From);
            var until = lost.Until is { } given && given < end ? given : end;
            return new(lost.Worker, made < until ? made : until, until);
        }
    }
}
