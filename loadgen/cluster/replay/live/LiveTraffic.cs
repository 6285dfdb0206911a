using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// What passes at several sources, merged by the moment at which each request is due again: a fixed delay after it happened. What waits is bounded; of what is too much the newest
/// is dropped and counted.
/// <code>
/// source 1 --+
/// source 2 --+--> due = happened + delay (now at the earliest) --> by due --> a moment before: the reader
/// source n --+                                   of one connection never before the one before it
/// </code>
/// </summary>
public sealed class LiveTraffic : IDisposable
{
    private const long MostBytes = 64 << 20;
    private const int Overhead = 600;

    // So much before they are due the lanes get them.
    private static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly PriorityQueue<LiveItem, (long Due, long Number)> _waiting = new();
    private readonly LiveConnections _connections = new();
    private readonly EndpointTally _endpoints = new();
    private readonly IReadOnlyList<ILiveSource> _sources;
    private readonly List<LiveIntake> _intakes;
    private readonly TimeProvider _time;
    private readonly long _delay;
    private readonly TimeSpan _lead;
    private readonly long _wall;
    private readonly long _stamp;
    private long _bytes;
    private long _number;
    private bool _isListening = true;
    private bool _isStopped;
    private bool _isDisposed;

    /// <summary>Makes it; sources begin with <see cref="Listen"/>.</summary>
    /// <param name="sources">The sources, which become its own.</param>
    /// <param name="delay">How long after it happened each request is due.</param>
    /// <param name="time">The clock.</param>
    public LiveTraffic(IReadOnlyList<ILiveSource> sources, TimeSpan delay, TimeProvider time)
    {
        (_sources, _time, _delay, _lead) = (sources, time, Nanoseconds(delay), delay / 2 < Lead ? delay / 2 : Lead);
        // The wall clock once: somebody may set it meanwhile.
        (_wall, _stamp) = (Nanoseconds(time.GetUtcNow() - DateTimeOffset.UnixEpoch), time.GetTimestamp());
        _intakes = [.. sources.Select((_, i) => new LiveIntake(this, i))];
        Readers = [.. sources.Select((s, i) => new LiveReader(s.Name, _intakes[i]))];
    }

    /// <summary>What the sources come over, disposed of after them; null for nothing.</summary>
    public IDisposable? Held { get; init; }

    /// <summary>The sources as captures, to be counted.</summary>
    internal IReadOnlyList<LiveReader> Readers { get; }

    /// <summary>The sources.</summary>
    internal IReadOnlyList<ILiveSource> Sources => _sources;

    /// <summary>What came of each.</summary>
    internal IReadOnlyList<LiveIntake> Intakes => _intakes;

    /// <summary>This moment, in nanoseconds since 1970, on a clock that nobody sets.</summary>
    internal long Now => _wall + Nanoseconds(_time.GetElapsedTime(_stamp));

    /// <summary>Begins, and listens for a while to find out what is asked for; what comes meanwhile is replayed too.</summary>
    public void Listen(TimeSpan length, CancellationToken stop)
    {
        foreach (var (i, source) in _sources.Index())
            source.Start(_intakes[i]);
        stop.WaitHandle.WaitOne(length);
        lock (_gate)
            _isListening = false;
    }

    /// <summary>The endpoints heard of while it listened.</summary>
    internal IReadOnlyList<EndpointCount> Endpoints
    {
        get
        {
            lock (_gate)
                return _endpoints.Top;
        }
    }

    /// <summary>The next item that is nearly due; null when none is for a moment. Asked by one thread.</summary>
    internal LiveItem? Next()
    {
        lock (_gate)
        {
            if (TakeDue() is { } item)
                return item;
            Monitor.Wait(_gate, Look);
            return TakeDue();
        }
    }

    /// <summary>Whether nothing more will come.</summary>
    internal bool IsOver
    {
        get
        {
            // In this order: what comes before a source ends is seen.
            var ended = _sources.All(s => s.Standing.Ended);
            lock (_gate)
                return _isStopped || (ended && _waiting.Count == 0);
        }
    }

    /// <summary>Ends the sources; nothing is taken from now on.</summary>
    internal void Stop()
    {
        lock (_gate)
            _isStopped = true;
        Parallel.ForEach(_sources, s => s.Stop());
    }

    /// <summary>Ends it. The run that replays it does so, and whoever opened it may once more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        Stop();
        foreach (var source in _sources)
            source.Dispose();
        Held?.Dispose();
    }

    /// <summary>Takes an exchange of a source.</summary>
    internal void Take(LiveIntake intake, CapturedExchange exchange)
    {
        var size = Overhead + exchange.Request.Head.Length + exchange.Request.Body.Length + exchange.Response.Head.Length + exchange.Response.Body.Length;
        lock (_gate)
        {
            if (_isStopped)
                return;
            var now = Now;
            intake.Heard(exchange.At, now);
            // What a run has sent itself would be replayed for ever.
            if (exchange.Request.Head.Span.IndexOf("\r\nX-Pressure-Run:"u8) >= 0)
            {
                intake.Own++;
                return;
            }

            if (_bytes + size > MostBytes)
            {
                intake.Dropped++;
                return;
            }

            if (_isListening)
                _endpoints.Add(exchange);
            // A clock that jumps must not put it off for hours.
            var due = Math.Clamp(exchange.At, now - _delay, now) + _delay;
            if (exchange.At < now - _delay)
                intake.Late++;
            due = _connections.Next(intake.Source, exchange.Connection, due, out var forgotten);
            if (forgotten is { } other)
                Put(new(other.Source, other.Connection, other.Due, null, 0));
            _bytes += size;
            Put(new(intake.Source, exchange.Connection, due, exchange.Keep(), size));
        }
    }

    /// <summary>A connection of a source is over.</summary>
    internal void End(LiveIntake intake, long connection)
    {
        lock (_gate)
        {
            if (!_isStopped && _connections.End(intake.Source, connection) is { } due)
                Put(new(intake.Source, connection, due, null, 0));
        }
    }

    private void Put(LiveItem item)
    {
        _waiting.Enqueue(item, (item.Due, _number++));
        Monitor.Pulse(_gate);
    }

    private LiveItem? TakeDue()
    {
        if (!_waiting.TryPeek(out var first, out _) || first.Due - Nanoseconds(_lead) > Now)
            return null;
        _waiting.Dequeue();
        _bytes -= first.Size;
        return first;
    }

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;
}

/// <summary>A request of a source that is nearly due, or (without an exchange) the end of a connection.</summary>
/// <param name="Source">The source.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="Due">When, in nanoseconds since 1970.</param>
/// <param name="Exchange">What.</param>
/// <param name="Size">Memory that it takes.</param>
internal sealed record LiveItem(int Source, long Connection, long Due, CapturedExchange? Exchange, int Size);
