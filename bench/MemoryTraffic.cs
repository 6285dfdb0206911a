using System.Buffers;
using System.Text;
using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Bench;

/// <summary>
/// Captured traffic out of nothing, for measuring what the engine makes of it: so many clients at a time take turns, and each leaves after a number of requests to
/// the next one. Request objects are used again, as a real source does.
/// </summary>
internal sealed class MemoryTraffic : IReplaySource
{
    private readonly List<Feed> _feeds = [];
    private readonly Uri _target;
    private readonly double _perSecond;
    private readonly long _total;
    private readonly int _atATime;
    private readonly int _each;

    /// <param name="target">What is asked for.</param>
    /// <param name="perSecond">Requests per second; infinite for as fast as possible.</param>
    /// <param name="length">How long there are any.</param>
    /// <param name="atATime">Clients at a time, at least as many as lanes.</param>
    /// <param name="each">Requests of each client.</param>
    public MemoryTraffic(Uri target, double perSecond, TimeSpan length, int atATime, int each)
    {
        (_target, _perSecond, _atATime, _each) = (target, perSecond, atATime, each);
        _total = double.IsPositiveInfinity(perSecond) ? long.MaxValue : (long)(perSecond * length.TotalSeconds);
    }

    /// <summary>How far sends of requests that were not held were from their moments.</summary>
    public Histogram Errors => Sum(f => f.Errors);

    /// <summary>How many were held.</summary>
    public long Held => _feeds.Sum(f => f.Held);

    /// <summary>By how much the whole ran slow: the last send's error over its moment.</summary>
    public double Drift => _feeds.Max(f => f.LastDue > TimeSpan.Zero ? f.LastError / f.LastDue : 0);

    public IReplayFeed Open(ReplayPart part)
    {
        _feeds.Add(new Feed(this, part.Lane, part.Lanes, Encoding.ASCII.GetBytes(
            $"GET {_target.PathAndQuery} HTTP/1.1\r\nHost: {_target.Authority}\r\nUser-Agent: captured\r\nAccept: */*\r\nX-Pressure-Run: {part.RunId}\r\nbaggage: pressure.run={part.RunId}\r\ntraceparent: ")));
        return _feeds[^1];
    }

    public void Dispose()
    {
    }

    private Histogram Sum(Func<Feed, Histogram> of)
    {
        var sum = new Histogram();
        foreach (var feed in _feeds)
            sum.Add(of(feed));
        return sum;
    }

    private sealed class Feed(MemoryTraffic traffic, int lane, int lanes, byte[] head) : IReplayFeed
    {
        private readonly Stack<Captured> _free = [];
        private long _next = lane;

        public Histogram Errors { get; } = new();

        public long Held { get; private set; }

        public TimeSpan LastDue { get; private set; }

        public TimeSpan LastError { get; private set; }

        public TimeSpan NextDue => IsExhausted ? TimeSpan.MaxValue : DueOf(_next);

        public bool IsExhausted => _next >= traffic._total;

        public ReplayedRequest Take()
        {
            if (!_free.TryPop(out var request))
                request = new Captured(this);
            // The n-th request is of client n modulo those there are at a time, who is another one after so many of them.
            var (turn, place) = Math.DivRem(_next, traffic._atATime);
            request.Fill(DueOf(_next), place + (turn / traffic._each * traffic._atATime), (turn + 1) % traffic._each == 0);
            do
                _next++;
            while (_next % traffic._atATime % lanes != lane);
            return request;
        }

        public void Drop(ReplayedRequest request) => _free.Push((Captured)request);

        public void Over(Captured request, in ReplayedAnswer answer)
        {
            if (answer.WasHeld)
            {
                Held++;
            }
            else if (traffic._total < long.MaxValue)
            {
                (LastDue, LastError) = (request.Due, answer.SentAt - request.Due);
                Errors.Record(LastError);
            }

            _free.Push(request);
        }

        public void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent)
        {
            var span = to.GetSpan(head.Length + traceparent.Length + 4);
            head.CopyTo(span);
            traceparent.CopyTo(span[head.Length..]);
            "\r\n\r\n"u8.CopyTo(span[(head.Length + traceparent.Length)..]);
            to.Advance(head.Length + traceparent.Length + 4);
        }

        private TimeSpan DueOf(long n) => TimeSpan.FromTicks((long)(n * (TimeSpan.TicksPerSecond / traffic._perSecond)));
    }

    private sealed class Captured(Feed feed) : ReplayedRequest
    {
        private TimeSpan _due;
        private long _client;
        private bool _isLast;

        public override TimeSpan Due => _due;

        public override long Client => _client;

        public override bool IsLast => _isLast;

        public void Fill(TimeSpan due, long client, bool isLast) => (_due, _client, _isLast) = (due, client, isLast);

        public override void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent) => feed.Write(to, traceparent);

        public override void Over(in ReplayedAnswer answer) => feed.Over(this, answer);
    }
}
