using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// What a replay will send, found out by going through its captures once before it begins. Of captures with very many requests only the beginning is
/// looked at: then nobody knows before.
/// </summary>
internal sealed class ReplayScan
{
    /// <summary>Requests looked at: about a second's work.</summary>
    private const long Most = 500_000;

    // Sendings that are added up for the rate.
    private const long MostSendings = 5_000_000;
    private const int MostPieces = 300;

    private readonly long[] _byEndpoint;
    private readonly long[] _skipped = new long[SkipReasons.Count];
    private readonly List<long> _offsets = [];

    private ReplayScan(int endpoints) => _byEndpoint = new long[endpoints];

    /// <summary>Whether everything was looked at.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Requests that are sent the first time the captures are gone through, by one client each.</summary>
    public long Replayed => _byEndpoint.Sum();

    /// <summary>The same by endpoint.</summary>
    public IReadOnlyList<long> ByEndpoint => _byEndpoint;

    /// <summary>Those that are not sent, by reason, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Skipped =>
        [.. Enum.GetValues<SkipReason>().Skip(1).Select(r => KeyValuePair.Create(r.Word(), _skipped[(int)r])).Where(s => s.Value > 0).OrderByDescending(s => s.Value)];

    /// <summary>Of what is still to come nothing is known.</summary>
    public static ReplayScan Nothing(int endpoints) => new(endpoints);

    /// <summary>Goes through a job's captures.</summary>
    public static ReplayScan Of(ReplayJob job, long most = Most)
    {
        var scan = new ReplayScan(job.Endpoints.Count);
        var judge = new ReplayJudge(job);
        var endpoints = new EndpointTable(job.Endpoints);
        using var merge = new CaptureMerge(job.Captures, job.Order.AlignsByClock);
        for (var looked = 0L; looked < most; looked++)
        {
            if (!merge.MoveNext())
            {
                scan.IsWhole = true;
                break;
            }

            scan.Take(judge.Judge(merge.Current, merge.Capture), Math.Min(endpoints.IndexOf(merge.Current), job.Endpoints.Count - 1), merge.Offset);
        }

        return scan;
    }

    /// <summary>Requests by endpoint over all copies and loops, none when nobody knows.</summary>
    public IReadOnlyList<long> Counts(ReplayOrder order)
    {
        // What a duration cuts off depends on more than counts.
        if (!IsWhole || order.Duration is not null)
            return [];
        return [.. _byEndpoint.Select(n => n * order.Multiply * order.Loops)];
    }

    /// <summary>The rate over the run, in pieces of at least a second; none when nobody knows.</summary>
    /// <param name="order">How fast and how often.</param>
    /// <param name="length">Length of the captures in nanoseconds.</param>
    /// <param name="requests">How many requests they hold.</param>
    /// <param name="duration">Length of the run.</param>
    public IReadOnlyList<RateSegment> Rates(ReplayOrder order, long length, long requests, TimeSpan duration)
    {
        if (order.Rate is { } rate)
            return [new(TimeSpan.Zero, duration, rate.PerSecond, rate.PerSecond)];
        var times = new ReplayTimes(order, length, requests);
        var loops = Math.Min(order.Loops, (long)(duration / TimeSpan.FromTicks(Math.Max(1, times.EndOf(0, 0).Ticks))) + 1);
        if (!IsWhole || !times.AreCaptured || loops * _offsets.Count > MostSendings)
            return [];
        var piece = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(duration.TotalSeconds / MostPieces)));
        var counts = new long[(int)Math.Ceiling(duration / piece)];
        for (var loop = 0; loop < loops; loop++)
        {
            foreach (var offset in _offsets)
            {
                var due = times.DueOf(offset, loop, 0);
                if (due < duration)
                    counts[(int)(due.Ticks / piece.Ticks)] += order.Multiply;
            }
        }

        return [.. counts.Select((n, i) => Piece(piece * i, i + 1 == counts.Length ? duration : piece * (i + 1), n))];
    }

    private static RateSegment Piece(TimeSpan from, TimeSpan to, long requests) => new(from, to, requests / (to - from).TotalSeconds, requests / (to - from).TotalSeconds);

    private void Take(SkipReason reason, int endpoint, long offset)
    {
        if (reason != SkipReason.None)
        {
            _skipped[(int)reason]++;
            return;
        }

        _byEndpoint[endpoint]++;
        _offsets.Add(offset);
    }
}
