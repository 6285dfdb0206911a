using System.Buffers;
using Pressure.LoadGen;

namespace Pressure.Cluster;

/// <summary>One lane's part of a replay: what the reader has made ready for it, and what became of that.</summary>
/// <remarks>The reader's thread puts in, the lane's thread does everything else; neither waits for the other here.</remarks>
internal sealed class ReplayFeed : IReplayFeed
{
    private readonly LaneQueue<SentRequest> _ready;
    private readonly LaneQueue<SentRequest> _back;
    private readonly ReplaySource _source;
    private readonly LaneTally _tally;
    private long _putBytes;
    private long _takenBytes;
    private volatile bool _isComplete;

    public ReplayFeed(ReplaySource source, int capacity, int captures)
    {
        _tally = new(captures);
        _source = source;
        _ready = new(capacity);
        _back = new(capacity * 2);
    }

    /// <summary>What became of its requests.</summary>
    public LaneTally Tally => _tally;

    /// <summary>Bytes of requests that wait in it.</summary>
    public long WaitingBytes => Volatile.Read(ref _putBytes) - Volatile.Read(ref _takenBytes);

    /// <summary>How many requests wait in it.</summary>
    public int Waiting => _ready.Count;

    /// <summary>Whether it is empty.</summary>
    public bool IsEmpty => _ready.Count == 0;

    /// <inheritdoc/>
    public TimeSpan NextDue
    {
        get
        {
            _tally.ShowIfAsked();
            return _ready.Peek()?.Due ?? TimeSpan.MaxValue;
        }
    }

    /// <inheritdoc/>
    // In this order: what was put in before it was complete is seen.
    public bool IsExhausted => _isComplete && _ready.Peek() is null;

    /// <summary>Puts one in; false when there is no room. On the reader's thread.</summary>
    public bool TryPut(SentRequest request)
    {
        var bytes = request.Request?.Length ?? 0;
        if (!_ready.TryPut(request))
            return false;
        Volatile.Write(ref _putBytes, _putBytes + bytes);
        return true;
    }

    /// <summary>Nothing more will come. On the reader's thread.</summary>
    public void Complete() => _isComplete = true;

    /// <summary>One that is over; null when there is none. On the reader's thread.</summary>
    public SentRequest? TakeBack() => _back.Take();

    /// <summary>Counts what was due before a moment and has not been taken. When the lane has ended.</summary>
    public long CountLeft(TimeSpan before)
    {
        var left = 0L;
        while (_ready.Take() is { } request)
            left += !request.IsFarewell && request.Due < before ? 1 : 0;
        return left;
    }

    /// <inheritdoc/>
    public ReplayedRequest Take()
    {
        var request = _ready.Take() ?? throw new InvalidOperationException("There is no request to take.");
        Volatile.Write(ref _takenBytes, _takenBytes + (request.Request?.Length ?? 0));
        if (!request.IsFarewell)
            _tally.Taken++;
        _source.Taken(this);
        return request;
    }

    /// <inheritdoc/>
    public void Drop(ReplayedRequest request)
    {
        if (!request.IsFarewell)
            _tally.Dropped++;
        GiveBack((SentRequest)request);
    }

    /// <summary>Writes a request.</summary>
    public void Write(SentRequest sent, IBufferWriter<byte> to, ReadOnlySpan<byte> trace)
    {
        var request = sent.Request!;
        if (request.LeftOut > 0)
            _tally.LeftOut += request.LeftOut;
        if (request.Awaited is null && (sent.Sender.HasLearnt || !request.IsFixed))
        {
            var (carried, leftOut) = new RequestRenderer(request, sent.Sender, _source.Rules).Write(trace, _source.Now, to);
            _tally.Carried += carried;
            _tally.LeftOut += leftOut;
            return;
        }

        var room = to.GetSpan(request.Length);
        request.Buffer.AsSpan(0, request.Length).CopyTo(room);
        if (request.TraceAt >= 0)
            trace.CopyTo(room[request.TraceAt..]);
        to.Advance(request.Length);
    }

    /// <summary>A request is over.</summary>
    public void Over(SentRequest sent, in ReplayedAnswer answer)
    {
        var request = sent.Request!;
        _tally.Take(answer, sent.Planned, request.Capture);
        if (request.Awaited is null && !answer.Head.IsEmpty)
            sent.Sender.Learn(request, answer.Head, answer.Body, _source.Rules, _source.Now);
        if (request.Captured is not null)
            _source.Compare(request, sent.Sender, answer);
        GiveBack(sent);
    }

    // Where there is no room it is left to the collector.
    private void GiveBack(SentRequest request) => _back.TryPut(request);
}
