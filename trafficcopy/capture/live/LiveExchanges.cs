namespace Pressure.TrafficCopy;

/// <summary>
/// A capture that is still being made: one thread captures, another reads, as for a replay that runs meanwhile. What waits is bounded; when the reader is behind, what
/// is newest is dropped and counted.
/// </summary>
/// <remarks>
/// An exchange comes when it is over, so a short one overtakes a long one that began before it. Each waits for a while, and those that wait are handed out by
/// their beginnings; one that lasted longer than that comes late. Where requests of a connection follow one another (not so in HTTP/2) their order is kept always.
/// <code>
/// LiveCapture -> CapturePipeline -> (filter, masking) -> Take | waiting, by time | ByTime -> replay
/// </code>
/// </remarks>
public sealed class LiveExchanges : IExchangeSink, ICaptureReader
{
    /// <summary>How much may wait unless somebody says otherwise.</summary>
    public const long DefaultBytes = 64 << 20;

    // What an exchange takes besides its bytes.
    private const int Overhead = 512;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly object _gate = new();
    private readonly PriorityQueue<Waiting, (long At, long Number)> _waiting = new();
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly long _maxBytes;
    private long _bytes;
    private long _taken;
    private long _dropped;
    private long _first;
    private long _last;
    private bool _complete;

    /// <summary>Makes one.</summary>
    /// <param name="name">What it is called, such as the interface.</param>
    /// <param name="time">The clock.</param>
    /// <param name="delay">How long each waits for those that began before it; a second unless it is given.</param>
    /// <param name="maxBytes">How much may wait.</param>
    public LiveExchanges(string name, TimeProvider time, TimeSpan? delay = null, long maxBytes = DefaultBytes) =>
        (_name, _time, _delay, _maxBytes) = (name, time, delay ?? TimeSpan.FromSeconds(1), maxBytes);

    /// <inheritdoc/>
    public bool IsLive => true;

    /// <summary>Exchanges that were dropped, since the reader was behind.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>What waits.</summary>
    public long WaitingBytes => Interlocked.Read(ref _bytes);

    /// <summary>What has come so far.</summary>
    public CaptureInfo Info
    {
        get
        {
            lock (_gate)
                return new CaptureInfo { Name = _name, Exchanges = _taken, Connections = 0, FirstAt = _first, LastAt = _last, IsComplete = _complete };
        }
    }

    /// <inheritdoc/>
    public void Take(CapturedExchange exchange)
    {
        var size = Overhead + exchange.Request.Head.Length + exchange.Request.Body.Length + exchange.Response.Head.Length + exchange.Response.Body.Length;
        lock (_gate)
        {
            if (_complete || _bytes + size > _maxBytes)
            {
                _dropped++;
                return;
            }
            _waiting.Enqueue(new Waiting(exchange.Keep(), size, _time.GetTimestamp()), (exchange.At, _taken));
            _taken++;
            _bytes += size;
            _first = _taken == 1 ? exchange.At : Math.Min(_first, exchange.At);
            _last = Math.Max(_last, exchange.At);
            Monitor.Pulse(_gate);
        }
    }

    /// <inheritdoc/>
    public void EndConnection(long connection, long at)
    {
    }

    /// <summary>Nothing more will come: what waits is handed out at once.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _complete = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What comes, as it comes: waits for the next one, and ends when the capture has ended. Each exchange is handed out once, whoever asks.</summary>
    public IEnumerable<CapturedExchange> ByTime()
    {
        while (Next() is { } exchange)
            yield return exchange;
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Complete();

    private CapturedExchange? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_waiting.TryPeek(out var first, out _) && (_complete || _time.GetElapsedTime(first.Since) >= _delay))
                {
                    _waiting.Dequeue();
                    _bytes -= first.Size;
                    return first.Exchange;
                }
                if (_complete)
                    return null;
                // The clock may be one that is turned by hand.
                Monitor.Wait(_gate, Look);
            }
        }
    }

    private readonly record struct Waiting(CapturedExchange Exchange, int Size, long Since);
}
