using Pressure.LoadGen;
using Pressure.Record;

namespace Pressure.Cluster;

/// <summary>What a replay sends, and the account of it.</summary>
internal sealed class ReplaySource : IReplaySource
{
    private readonly ReplayJob _job;
    private readonly TimeProvider _time;
    private readonly CaptureTally _tally;
    private readonly Lock _gate = new();
    private ReplayLanes? _lanes;
    private ReplayFeed[] _feeds = [];
    private Thread? _reader;
    private int _opened;
    private long _left;
    private bool _isOver;
    private volatile Exception? _failure;

    /// <param name="job">What is replayed; its captures stay the caller's.</param>
    /// <param name="time">Tells the time of day, for cookies that expire.</param>
    public ReplaySource(ReplayJob job, TimeProvider time)
    {
        (_job, _time) = (job, time);
        _tally = new(job.Captures.Count);
        Rules = new(job.Order.Carries);
        Watch = job.Live is { } live ? new(live) : null;
    }

    /// <summary>The run's clock, for what is replayed while it passes.</summary>
    public RunClock? Clock { get; init; }

    /// <summary>Looks at sources whose traffic is replayed while it passes; null for captures.</summary>
    public LiveWatch? Watch { get; }

    /// <summary>How values of answers go into later requests.</summary>
    public CarryRules Rules { get; }

    /// <summary>The time of day.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Why the captures could not be read to their end; null while they can.</summary>
    public Exception? Failure => _failure;

    /// <summary>Is given answers to hold against the captured ones; null when nobody compares.</summary>
    public IReplayComparer? Comparer { get; init; }

    /// <inheritdoc/>
    public IReplayFeed Open(ReplayPart part)
    {
        lock (_gate)
        {
            if (_feeds.Length == 0)
            {
                _feeds = [.. Enumerable.Range(0, part.Lanes).Select(_ => new ReplayFeed(this, ReplayLanes.Capacity, _job.Captures.Count))];
                _lanes = new(_feeds, holds: _job.Order.Multiply > 1 && _job.Order.Jitter > TimeSpan.Zero);
            }

            // By the last one all are there to be filled.
            if (++_opened == part.Lanes)
                Start(part);
            return _feeds[part.Lane];
        }
    }

    /// <summary>The lanes have ended: what is left counts as due when it was due before a moment.</summary>
    public void End(TimeSpan loadEnd)
    {
        StopReading();
        if (_isOver)
            return;
        _job.Live?.Stop();
        _isOver = true;
        // As fast as possible nothing has a moment: what was read ahead was never to be sent.
        var left = _feeds.Sum(f => f.CountLeft(loadEnd));
        _left = _job.Order.IsAsFastAsPossible ? 0 : left;
    }

    /// <summary>How faithful the replay is so far, as one share of it tells. On any thread, one at a time.</summary>
    public ReplayAccount Tell()
    {
        foreach (var feed in _isOver ? [] : _feeds)
            feed.Tally.Ask();
        // In the opposite order to that in which lanes count: so no count is above the one that it is a part of.
        var errors = new Histogram();
        foreach (var feed in _feeds)
        {
            if ((_isOver ? feed.Tally.Errors : feed.Tally.Shown) is { } shown)
                errors.Add(shown);
        }

        var tallies = _feeds.Select(f => f.Tally).ToList();
        var (due, error) = tallies.Select(t => t.Last).DefaultIfEmpty().MaxBy(l => l.Due);
        var held = tallies.Sum(t => t.Held);
        var isWhole = _tally.IsWhole;
        List<CaptureAccount> captures = [.. _job.Captures.Select((_, i) => new CaptureAccount(_tally.Replayed(i), _tally.Skipped(i), tallies.Sum(t => t.SentOf(i))))];
        var sent = tallies.Sum(t => t.Sent);
        return new()
        {
            Captures = captures,
            IsWhole = isWhole,
            Planned = tallies.Sum(t => t.Taken) + _left,
            Sent = sent,
            Held = held,
            Carried = tallies.Sum(t => t.Carried),
            LeftOut = tallies.Sum(t => t.LeftOut),
            Errors = errors.Encode(),
            LastDue = due,
            LastError = error > TimeSpan.Zero ? error : TimeSpan.Zero,
        };
    }

    /// <summary>The same for the run folder.</summary>
    public ReplayRecord Account()
    {
        var record = ReplayAccounts.Record(_job.Order, [.. _job.Captures.Select(c => c.Info)], Tell());
        return _job.Live is null ? record : record with { Captures = [.. record.Captures.Select((c, i) => c with { Requests = RequestsOf(i), Live = LossesOf(i) })], Skipped = Skipped(record.Skipped) };
    }

    /// <summary>A lane has taken a request.</summary>
    public void Taken(ReplayFeed feed) => _lanes!.Taken(feed);

    /// <summary>Hands an answer on to be compared.</summary>
    public void Compare(EncodedRequest request, ReplayClient sender, in ReplayedAnswer answer) => Comparer?.Take(request.Captured!, request, sender, answer);

    /// <inheritdoc/>
    public void Dispose()
    {
        StopReading();
        _lanes?.Dispose();
    }

    // Of what passes all counts that has come, also what waits for its moment when the run ends.
    private long RequestsOf(int capture) => _job.Live!.Intakes[capture].Exchanges;

    private SortedDictionary<string, long> Skipped(IReadOnlyDictionary<string, long> judged)
    {
        var (skipped, live) = (new SortedDictionary<string, long>(judged.ToDictionary(), StringComparer.Ordinal), _job.Live!);
        foreach (var (word, count) in new[]
        {
            ("own", live.Intakes.Sum(s => s.Own)),
            ("behind", live.Intakes.Sum(s => s.Dropped)),
            // What waits is still to come, until the run is over.
            ("ended", _isOver ? live.Intakes.Sum(s => s.Exchanges - s.Own - s.Dropped - _tally.Requests(s.Source)) : 0),
        })
        {
            if (count > 0)
                skipped[word] = count;
        }

        return skipped;
    }

    private LiveLosses LossesOf(int source)
    {
        var live = _job.Live!;
        var (standing, intake) = (live.Sources[source].Standing, live.Intakes[source]);
        return new(standing.Kernel, standing.Shed, standing.Dropped, intake.Dropped, intake.Late, Watch!.Silences(source), standing.Trouble);
    }

    private void Start(ReplayPart part)
    {
        var reader = new ReplayReader(_job, part, Rules, _lanes!, _tally, Clock);
        _reader = new Thread(() => Read(reader)) { IsBackground = true, Name = "replay reader" };
        _reader.Start();
    }

    private void Read(ReplayReader reader)
    {
        try
        {
            reader.Run();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failure = e;
        }
        finally
        {
            _lanes!.Complete();
        }
    }

    private void StopReading()
    {
        _lanes?.Stop();
        _reader?.Join();
    }
}
