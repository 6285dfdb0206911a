using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>
/// What shares of a replay have to send, so that somebody else can count what a worker that was lost did not: found by going through the captures as its worker does, once for each share
/// that is asked for. Not thread-safe.
/// </summary>
internal sealed class ReplayExpectation(PreparedReplay prepared, IReadOnlyList<int> weights, TimeProvider time)
{
    private readonly ReplayOrder _order = ((Load.Replay)prepared.Plan.Load).Order;
    private readonly ShareSplit _split = new([.. weights.Select(w => (decimal)w)]);
    private readonly Dictionary<int, (TimeSpan Until, Dictionary<int, long[]> Seconds)> _shares = [];

    /// <summary>
    /// Requests of a share that are due in [<paramref name="from"/>, <paramref name="until"/>), by their position in the plan; of a second that the window cuts at its beginning all of
    /// it. Null when nobody can know: how far a replay comes that goes as fast as possible for a while depends on the target.
    /// </summary>
    public IReadOnlyList<long>? In(int share, TimeSpan from, TimeSpan until)
    {
        if (_order is { IsAsFastAsPossible: true, Duration: not null })
            return null;
        if (!_shares.TryGetValue(share, out var known) || until > known.Until)
        {
            if (GoThrough(share, until) is not { } seconds)
                return null;
            _shares[share] = known = (until, seconds);
        }
        var sum = new long[prepared.Plan.Requests.Count];
        foreach (var (_, counts) in known.Seconds.Where(s => s.Key >= (int)from.TotalSeconds && TimeSpan.FromSeconds(s.Key) < until))
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] += counts[i];
        }
        return sum;
    }

    private Dictionary<int, long[]>? GoThrough(int share, TimeSpan until)
    {
        var seconds = new Dictionary<int, long[]>();
        using var source = prepared.Rehearsal(time);
        var feed = source.Open(new ReplayPart(new WorkShare(_split, share), Lane: 0, Lanes: 1, RunId: "none"));
        for (var pause = default(SpinWait); !feed.IsExhausted;)
        {
            if (feed.NextDue == TimeSpan.MaxValue)
            {
                pause.SpinOnce();
                continue;
            }
            var request = feed.Take();
            var (due, endpoint, isNone) = (request.Due, request.Endpoint, request.IsFarewell);
            feed.Drop(request);
            if (due >= until)
                break;
            if (isNone)
                continue;
            if (!seconds.TryGetValue((int)due.TotalSeconds, out var counts))
                seconds[(int)due.TotalSeconds] = counts = new long[prepared.Plan.Requests.Count];
            counts[endpoint]++;
        }
        return source.Failure is null ? seconds : null;
    }
}
