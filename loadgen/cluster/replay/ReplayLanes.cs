namespace Pressure.Cluster;

/// <summary>
/// The lanes as the reader sees them: takes requests in the order of their captures, holds back those of delayed copies, and hands all on in the order in
/// which they are due. Waits when a lane has no room; lanes never do.
/// </summary>
internal sealed class ReplayLanes : IDisposable
{
    /// <summary>Requests that a lane has room for.</summary>
    public const int Capacity = 8192;

    /// <summary>Bytes of requests that wait, over all lanes; one request is always let in.</summary>
    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>Copies held back; of more the earliest are let go, and what follows is due behind them.</summary>
    private const int MostHeld = 500_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<ReplayFeed> _feeds;
    private readonly PriorityQueue<SentRequest, (TimeSpan Due, long Number)> _held = new();
    private readonly AutoResetEvent _room = new(initialState: false);
    private readonly bool _holds;
    private readonly long _bytesPerLane;
    private volatile bool _isStopped;
    private volatile bool _isWaiting;
    private TimeSpan _lastDue;
    private long _number;

    /// <param name="feeds">The lanes.</param>
    /// <param name="holds">Whether copies are delayed.</param>
    public ReplayLanes(IReadOnlyList<ReplayFeed> feeds, bool holds)
    {
        (_feeds, _holds) = (feeds, holds);
        Pool = new(feeds);
        _bytesPerLane = MostBytes / feeds.Count;
    }

    /// <summary>How many lanes there are.</summary>
    public int Count => _feeds.Count;

    /// <summary>Requests to be used again.</summary>
    public ReplayPool Pool { get; }

    /// <summary>Whether nobody wants any more.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Hands on a request of a client, or (null) its farewell; false when nobody wants it.</summary>
    /// <param name="request">What.</param>
    /// <param name="client">Whose.</param>
    /// <param name="due">When.</param>
    /// <param name="read">How far the captures have been read: nothing that is due before will come.</param>
    public bool Put(EncodedRequest? request, ReplayClient client, TimeSpan due, TimeSpan read)
    {
        var sent = Pool.Sent();
        sent.Become(request, client, _feeds[client.Lane], due);
        if (!_holds)
            return HandOn(sent);
        _held.Enqueue(sent, (due, _number++));
        return Flush(read);
    }

    /// <summary>Hands on what is held and due up to a moment; false when nobody wants it.</summary>
    public bool Flush(TimeSpan until)
    {
        while (_held.TryPeek(out var sent, out var place) && (place.Due <= until || _held.Count > MostHeld))
        {
            _held.Dequeue();
            if (!HandOn(sent))
                return false;
        }

        return !_isStopped;
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        foreach (var feed in _feeds)
            feed.Complete();
    }

    /// <summary>A lane has taken one. On the lane's thread.</summary>
    public void Taken(ReplayFeed feed)
    {
        if (_isWaiting && HasRoom(feed, ahead: 2))
            _room.Set();
    }

    /// <summary>Nobody wants any more. On any thread.</summary>
    public void Stop()
    {
        _isStopped = true;
        _room.Set();
    }

    /// <inheritdoc/>
    public void Dispose() => _room.Dispose();

    private bool HandOn(SentRequest sent)
    {
        if (sent.Due < _lastDue)
            sent.Postpone(_lastDue);
        _lastDue = sent.Due;
        var feed = sent.Feed;
        while (!_isStopped)
        {
            if (HasRoom(feed, ahead: 1) && feed.TryPut(sent))
                return true;
            _isWaiting = true;
            // A lane may have made room before it could see that somebody waits.
            if (!HasRoom(feed, ahead: 1))
                _room.WaitOne(Patience);
            _isWaiting = false;
        }

        return false;
    }

    private bool HasRoom(ReplayFeed feed, int ahead) => feed.IsEmpty || (feed.Waiting <= Capacity / ahead - 1 && feed.WaitingBytes <= _bytesPerLane / ahead);
}
