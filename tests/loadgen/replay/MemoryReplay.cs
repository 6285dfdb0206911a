using System.Buffers;
using System.Text;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Replay;

/// <summary>Captured traffic that a test has made up; clients are dealt out to the lanes in turn.</summary>
internal sealed class MemoryReplay(params IReadOnlyList<MemoryRequest> requests) : IReplaySource
{
    private readonly Lock _gate = new();
    private readonly List<ReplayedRequest> _dropped = [];
    private readonly List<long> _roomMade = [];

    public IReadOnlyList<MemoryRequest> Requests { get; } = requests;

    /// <summary>What was taken and given back.</summary>
    public IReadOnlyList<ReplayedRequest> Dropped => _dropped;

    /// <summary>Clients whose connections had to make room.</summary>
    public IReadOnlyList<long> RoomMade => _roomMade;

    /// <summary>How many have been taken.</summary>
    public int Taken { get; private set; }

    /// <summary>How many lanes there were.</summary>
    public int Lanes { get; private set; }

    /// <summary>Until this time nobody knows what comes.</summary>
    public Func<TimeSpan> SilentUntil { get; init; } = () => TimeSpan.MinValue;

    /// <summary>Whether a request is known of by now; those behind it are not while it is not.</summary>
    public Func<MemoryRequest, bool> Knows { get; init; } = _ => true;

    /// <summary>For a silent source: the time.</summary>
    public Func<TimeSpan> Now { get; init; } = () => TimeSpan.MaxValue;

    /// <summary>As fast as possible: nothing is due.</summary>
    public bool AtOnce { get; init; }

    public IReplayFeed Open(ReplayPart part)
    {
        Lanes = part.Lanes;
        var ours = Requests.Where(r => part.Share.Split.ShareOf(r.Client) == part.Share.Index && r.Due >= part.Share.From);
        return new Feed(this, new([.. ours.Where(r => r.Client % part.Lanes == part.Lane)]));
    }

    public void Dispose()
    {
    }

    private sealed class Feed(MemoryReplay replay, Queue<MemoryRequest> left) : IReplayFeed
    {
        private bool IsSilent => replay.Now() < replay.SilentUntil();

        public TimeSpan NextDue => IsSilent || !left.TryPeek(out var next) || !replay.Knows(next) ? TimeSpan.MaxValue : replay.AtOnce ? TimeSpan.Zero : next.Due;

        public bool IsExhausted => left.Count == 0;

        public ReplayedRequest Take()
        {
            lock (replay._gate)
                replay.Taken++;
            return left.Dequeue();
        }

        public void Drop(ReplayedRequest request)
        {
            lock (replay._gate)
                replay._dropped.Add(request);
        }

        public void MadeRoom(long client)
        {
            lock (replay._gate)
                replay._roomMade.Add(client);
        }
    }
}

/// <summary>A request that a test has made up, and what came of it.</summary>
internal sealed class MemoryRequest : ReplayedRequest
{
    private static int _written;

    public static TimeSpan Milliseconds(double count) => TimeSpan.FromMilliseconds(count);

    /// <summary>Asks for a path; <paramref name="path"/> is called when it is written.</summary>
    public static MemoryRequest Get(long client, double dueMilliseconds, Func<string> path, bool last = false, int endpoint = 0) => new()
    {
        Client = client,
        Due = Milliseconds(dueMilliseconds),
        IsLast = last,
        Endpoint = endpoint,
        Text = trace => $"GET {path()} HTTP/1.1\r\nHost: target\r\ntraceparent: {trace}\r\n\r\n",
    };

    public static MemoryRequest Get(long client, double dueMilliseconds, string path, bool last = false, int endpoint = 0) =>
        Get(client, dueMilliseconds, () => path, last, endpoint);

    /// <summary>A turn over raw TCP.</summary>
    public static MemoryRequest Turn(long client, double dueMilliseconds, string text, int awaited, bool last = false) => new()
    {
        Client = client,
        Due = Milliseconds(dueMilliseconds),
        IsLast = last,
        AwaitedBytes = awaited,
        Text = _ => text,
    };

    /// <summary>The client has no more requests.</summary>
    public static MemoryRequest Farewell(long client, double dueMilliseconds) => new()
    {
        Client = client,
        Due = Milliseconds(dueMilliseconds),
        IsGoodbye = true,
        Text = _ => throw new InvalidOperationException("Written all the same."),
    };

    public required Func<string, string> Text { get; init; }

    public AnswerParts Wants { get; init; }

    public int Expects { get; init; }

    public int Bytes { get; init; }

    public bool IsGoodbye { get; init; }

    /// <summary>Its place in the order in which all requests were written; 0 if it was not.</summary>
    public int Written { get; private set; }

    /// <summary>What came of it; null if it was not sent.</summary>
    public Ended? Answer { get; private set; }

    public override AnswerParts Wanted => Wants;

    public override int ExpectedStatus => Expects;

    public override int Size => Bytes;

    public override bool IsFarewell => IsGoodbye;

    public override void Write(IBufferWriter<byte> to, ReadOnlySpan<byte> traceparent)
    {
        Written = Interlocked.Increment(ref _written);
        to.Write(Encoding.Latin1.GetBytes(Text(Encoding.ASCII.GetString(traceparent))));
    }

    public override void Over(in ReplayedAnswer answer)
    {
        Assert.Null(Answer);
        Answer = new(answer.Error, answer.Status, answer.SentAt, answer.EndedAt, answer.WasHeld, Encoding.Latin1.GetString(answer.Head), Encoding.Latin1.GetString(answer.Body), answer.BodyLength);
    }
}

/// <summary>How a replayed request ended, kept.</summary>
internal sealed record Ended(RequestError Error, int Status, TimeSpan SentAt, TimeSpan EndedAt, bool WasHeld, string Head, string Body, long BodyLength);
