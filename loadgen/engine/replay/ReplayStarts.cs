using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// A lane's part of a replay: takes requests off its feed when they fall due and gives each its turn as soon as its client's earlier one is over.
/// </summary>
/// <remarks>
/// <code>
///   feed -- due --> client free? -- yes --> ready --> Take --> under way --> Return
///                        |                    ^                                |
///                        no --> its queue ----+-------- its turn --------------+
/// </code>
/// At captured timing whatever falls due is asked, and if it can't be sent, counted as not sent: too many wait for their clients' earlier requests, the
/// client's turn comes later than the request timeout, its conversation (raw TCP) has broken off, or the run is stopped. As fast as possible nothing is
/// due: a request is asked when it is sent, the feed is read a little ahead so that one client's many requests do not keep others from
/// theirs, and what has been read and not sent at the end goes back unasked.
/// </remarks>
internal sealed class ReplayStarts : LaneStarts
{
    // Requests that wait for their clients' earlier ones, and what they hold together; one is always let in.
    private const int MostHeld = 100_000;
    private const long MostHeldBytes = 64 * 1024 * 1024;

    // How far the feed is read ahead as fast as possible.
    private const int MostAhead = 16_384;

    // What is due and can't be started in the next turns stays in the feed.
    private const int MostReady = 256;

    // A silent source is asked again after this.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    private readonly IReplayFeed _feed;
    private readonly ReplayClients _clients;
    private readonly IReadOnlyList<ScenarioScript> _endpoints;
    private readonly LaneBook _book;
    private readonly Traffic _traffic;
    private readonly RunClock _clock;
    private readonly Queue<ReplayClient> _ready = new();
    private readonly bool _timed;
    private readonly int _most;
    private TimeSpan _end;
    private TimeSpan _seen = TimeSpan.MinValue;
    private TimeSpan _look;
    private int _held;
    private long _heldBytes;
    private int _underWay;
    private bool _ended;

    /// <summary>Takes nothing yet.</summary>
    /// <param name="feed">Where requests come from.</param>
    /// <param name="workload">The replay.</param>
    /// <param name="endpoints">One script of one request for each endpoint.</param>
    /// <param name="part">Which part of the run's clients may be under way at once.</param>
    /// <param name="book">Is told what falls due, and what of it is not sent.</param>
    /// <param name="traffic">Closes connections of clients who have no more requests.</param>
    /// <param name="clock">The run's clock.</param>
    public ReplayStarts(IReplayFeed feed, Workload workload, IReadOnlyList<ScenarioScript> endpoints, ReplayPart part, LaneBook book, Traffic traffic, RunClock clock)
    {
        var order = ((Load.Replay)workload.Plan.Load).Order;
        (_feed, _clients, _endpoints, _book, _traffic, _clock) = (feed, new(feed), endpoints, book, traffic, clock);
        (_end, _timed) = (workload.Duration, !order.IsAsFastAsPossible);
        var most = part.Share.PartOf(order.Connections);
        _most = most / part.Lanes + (part.Lane < most % part.Lanes ? 1 : 0);
    }

    public override TimeSpan NextDue => !_ready.TryPeek(out var next) ? TimeSpan.MaxValue : _timed ? next.Current!.Due : TimeSpan.Zero;

    public override TimeSpan NextLook => _ready.Count > 0 ? TimeSpan.Zero : _look;

    public override bool EndsLoad => true;

    private bool WantsMore => _timed ? _ready.Count < MostReady : _underWay + _ready.Count < _most && _held < MostAhead && _heldBytes < MostHeldBytes;

    public override bool IsExhausted(TimeSpan now) => _held == 0 && _ready.Count == 0 && (_ended || _seen >= _end || _feed.IsExhausted);

    public override void Advance(TimeSpan now)
    {
        _seen = now;
        _look = TimeSpan.MaxValue;
        if (_ended)
            return;
        if (!_timed && now >= _end)
        {
            GiveBackAll(asked: false);
            return;
        }

        while (WantsMore && _feed.NextDue is var due && due <= now && due < _end)
            Admit(_feed.Take());
        if (WantsMore && !_feed.IsExhausted)
            _look = LookAfter(now);
    }

    public override Start Take()
    {
        var client = _ready.Dequeue();
        _underWay++;
        return new(_endpoints[client.Current!.Endpoint], Number: 0, _timed ? client.Current.Due : _clock.Now, AlreadyAsked: _timed, User: null)
        {
            Client = client,
            IsOwed = _timed,
        };
    }

    public override void Return(in Start ended, bool reached, TimeSpan now)
    {
        var client = ended.Client!;
        _underWay--;
        client.Rest();
        if (client.TryRelease(out var next))
        {
            _held--;
            _heldBytes -= next.Size;
            client.Next(next, wasHeld: _timed);
            _ready.Enqueue(client);
        }
        else
        {
            Settle(client);
        }

        // There may be room for one more.
        if (!_timed)
            _look = TimeSpan.Zero;
    }

    public override void CountAskedBefore(TimeSpan end, LaneBook book)
    {
        while (_timed && !_ended && _feed.NextDue is var due && due < end && due < _end)
            Admit(_feed.Take());
    }

    public override void Follow(SteeredWorkload steered, TimeSpan now) => _end = steered.End;

    public override void End()
    {
        _ended = true;
        GiveBackAll(asked: _timed);
    }

    private TimeSpan LookAfter(TimeSpan now) => _feed.NextDue switch
    {
        var due when due == TimeSpan.MaxValue => now + Patience,
        var due => due < _end ? due : TimeSpan.MaxValue,
    };

    private void Admit(ReplayedRequest request)
    {
        if (request.IsFarewell)
        {
            Dismiss(request);
            return;
        }

        var client = _clients.Of(request.Client);
        client.HasEnded |= request.IsLast;
        if (_timed)
            _book.Asked(_endpoints[request.Endpoint].First!);
        if (client.Current is null)
        {
            client.Next(request, wasHeld: false);
            _ready.Enqueue(client);
        }
        else if (!_timed || _held == 0 || (_held < MostHeld && _heldBytes + request.Size <= MostHeldBytes))
        {
            client.Hold(request);
            _held++;
            _heldBytes += request.Size;
        }
        else
        {
            GiveBack(client, request, asked: _timed);
        }
    }

    private void Dismiss(ReplayedRequest farewell)
    {
        if (_clients.Find(farewell.Client) is not { } client)
        {
            _feed.Drop(farewell);
            return;
        }

        client.Leave(farewell);
        if (client.Current is null)
            Settle(client);
    }

    private void Settle(ReplayClient client)
    {
        if (client.HasEnded || client.IsBroken)
            _traffic.Leave(client);
        _clients.Settle(client);
    }

    private void GiveBackAll(bool asked)
    {
        if (_ready.Count + _held == 0)
            return;
        while (_ready.TryDequeue(out var client))
        {
            GiveBack(client, client.Current!, asked);
            client.Rest();
        }

        foreach (var client in _clients.All)
        {
            while (client.TryRelease(out var held))
                GiveBack(client, held, asked);
        }

        (_held, _heldBytes) = (0, 0);
    }

    private void GiveBack(ReplayClient client, ReplayedRequest request, bool asked)
    {
        if (asked)
        {
            _book.NotSent(_endpoints[request.Endpoint].First!);
            _book.IterationDropped();
        }

        client.LeaveOut(request);
    }
}
