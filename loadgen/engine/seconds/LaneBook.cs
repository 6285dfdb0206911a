using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// A lane's accounts: every request is counted here exactly once as asked, once as sent or not sent, and if sent once as ended.
/// Owned by one thread.
/// </summary>
internal sealed class LaneBook
{
    private readonly int _lane;
    private readonly ISecondSink _sink;
    private LaneSecond _current;
    private RequestInterval[] _requests = [];
    private bool _touched;

    /// <summary>Opens the book at its first second.</summary>
    public LaneBook(int lane, int requestCount, ISecondSink sink, int firstSecond = 0)
    {
        (_lane, _sink) = (lane, sink);
        _current = new LaneSecond(requestCount);
        Open(firstSecond);
    }

    /// <summary>When the current second ends.</summary>
    public TimeSpan SecondEnd => TimeSpan.FromSeconds(_current.Second + 1);

    /// <summary>A request fell due.</summary>
    public void Asked(PreparedRequest request) => Of(request).Asked++;

    /// <summary>A request was given up before it was sent.</summary>
    public void NotSent(PreparedRequest request) => Of(request).NotSent++;

    /// <summary>A request's first byte went out, or its connection could not be made.</summary>
    /// <param name="request">The request.</param>
    /// <param name="after">How long after it was due it began.</param>
    public void Sent(PreparedRequest request, TimeSpan after)
    {
        var counts = Of(request);
        counts.Sent++;
        if (after > RequestInterval.LateLimit)
            counts.Late++;
    }

    /// <summary>Bytes went out.</summary>
    public void Wrote(PreparedRequest request, int bytes) => Of(request).BytesSent += bytes;

    /// <summary>Bytes came in.</summary>
    public void Read(PreparedRequest request, long bytes) => Of(request).BytesReceived += bytes;

    /// <summary>A request was dispatched this long after it was due.</summary>
    public void Late(TimeSpan by) => Counts.Lateness.Record(by);

    /// <summary>An iteration's first request got its connection.</summary>
    public void IterationStarted() => Counts.IterationsStarted++;

    /// <summary>An iteration is over.</summary>
    public void IterationEnded() => Counts.IterationsEnded++;

    /// <summary>An iteration was due and could not be started.</summary>
    public void IterationDropped() => Counts.IterationsDropped++;

    /// <summary>A response arrived whole.</summary>
    public void Answered(PreparedRequest request, int status, CheckResult checks)
    {
        var counts = Of(request);
        counts.CountStatus(status);
        counts.ChecksPassed += checks.Passed;
        counts.ChecksFailed += checks.Failed;
    }

    /// <summary>A sent request is over.</summary>
    public void Ended(PreparedRequest request, RequestError error, TimeSpan responseTime, TimeSpan serviceTime, PhaseWatch phases)
    {
        var counts = Of(request);
        if (error == RequestError.None)
        {
            counts.Ok++;
        }
        else
        {
            counts.Failed++;
            counts.CountError(error);
        }

        counts.ResponseTime.Record(responseTime);
        counts.ServiceTime.Record(serviceTime);
        phases.Record(counts.Phases);
    }

    /// <summary>Hands the current second over and opens the next.</summary>
    public void CloseSecond(int openConnections, int inFlight, double busy)
    {
        _current.Counts.OpenConnections = openConnections;
        _current.Counts.InFlight = inFlight;
        _current.Busy = busy;
        var next = _current.Second + 1;
        _current = _sink.Exchange(_lane, _current);
        Open(next);
    }

    /// <summary>Hands over the last second, begun but not over, if anything happened in it.</summary>
    public void CloseLast(double busy)
    {
        if (_touched)
            CloseSecond(0, 0, busy);
    }

    private Interval Counts
    {
        get
        {
            _touched = true;
            return _current.Counts;
        }
    }

    private RequestInterval Of(PreparedRequest request)
    {
        _touched = true;
        return _requests[request.Index];
    }

    private void Open(int second)
    {
        _current.Second = second;
        _requests = [.. _current.Counts.Requests];
        _touched = false;
    }
}
