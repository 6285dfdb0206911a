using Pressure.LoadGen;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Cluster;

/// <summary>
/// Goes through captures on a thread of its own, and makes ready what lanes send: reads ahead as far as they have room, and waits when they have none.
/// <code>
/// captures -> CaptureMerge -> ReplayFilter -> RequestEncoder --+--> clients -> due -> (copies held back) -> lanes
///                                             small captures kept, and gone through again from memory
/// </code>
/// Every share goes through everything, so that clients and moments are the same for all of them; what other shares send is neither encoded nor handed on.
/// </summary>
internal sealed class ReplayReader
{
    /// <summary>Captures that are replayed in loops and take no more than this when encoded are read once.</summary>
    private const long MostKept = 64L * 1024 * 1024;

    private readonly ReplayJob _job;
    private readonly ReplayJudge _judge;
    private readonly RequestEncoder _encoder;
    private readonly EndpointTable _endpoints;
    private readonly ReplayConnections _connections;
    private readonly ReplayTimes _times;
    private readonly ReplayLanes _lanes;
    private readonly ReplayPool _pool;
    private readonly CaptureTally _tally;
    private readonly TimeSpan _from;
    private readonly TimeSpan _end;
    private readonly RunClock? _clock;
    private List<EncodedRequest>? _kept;
    private long _keptBytes;
    private long _number;

    public ReplayReader(ReplayJob job, ReplayPart part, CarryRules rules, ReplayLanes lanes, CaptureTally tally, RunClock? clock = null)
    {
        var order = job.Order;
        _clock = clock;
        (_job, _lanes, _tally) = (job, lanes, tally);
        _judge = new(job);
        _encoder = new(order, job.Target, rules, part.RunId);
        _endpoints = new(job.Endpoints);
        _times = new(order, job.Length, job.Captures.Sum(c => c.Info.Exchanges));
        _connections = new(order, job.Seed, part, staggered: _times.AreCaptured);
        _pool = lanes.Pool;
        (_from, _end) = (part.Share.From, order.Duration ?? TimeSpan.MaxValue);
        _kept = order.Loops > 1 ? [] : null;
    }

    /// <summary>Goes through everything, as often as asked; returns early when told to, or when what follows is due after the end.</summary>
    public void Run()
    {
        if (_job.Live is { } live)
        {
            RunLive(live);
            return;
        }

        // What has no moment can't be taken up in the middle.
        var loops = _times.AreTimed || _from <= TimeSpan.Zero ? _job.Order.Loops : 0;
        for (var loop = 0; loop < loops; loop++)
        {
            var before = _number;
            var goesOn = loop > 0 && _kept is not null ? SendKept(loop) : ReadAll(loop);
            _tally.IsWhole |= !_lanes.IsStopped;
            // What sends nothing once never will.
            if (!goesOn || _number == before || _lanes.IsStopped)
                break;
            if (loop + 1 < loops && !SayFarewells(_times.EndOf(loop, _number)))
                break;
        }

        _lanes.Flush(TimeSpan.MaxValue);
    }

    /// <summary>Sends what passes at the sources as it comes, each at its moment; returns when the end has come, or nothing more does.</summary>
    private void RunLive(LiveTraffic live)
    {
        var began = live.Now - OffsetOf(_clock!.Now);
        while (!_lanes.IsStopped && !live.IsOver)
        {
            if (live.Next() is not { } item)
            {
                // Copies that are held back do not wait for the next request.
                if (_clock.Now >= _end || !_lanes.Flush(_clock.Now))
                    break;
                continue;
            }

            var offset = Math.Max(0, item.Due - began);
            var goesOn = item.Exchange is { } exchange ? Take(exchange, item.Source, offset, loop: 0) : EndSilently(item.Source, item.Connection, _times.DueOf(offset, 0, 0));
            if (!goesOn)
                break;
        }

        _lanes.Flush(TimeSpan.MaxValue);
    }

    private static long OffsetOf(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private bool ReadAll(int loop)
    {
        _judge.Restart();
        using var merge = new CaptureMerge(_job.Captures, _job.Order.AlignsByClock);
        while (merge.MoveNext())
        {
            if (_lanes.IsStopped || !Take(merge.Current, merge.Capture, merge.Offset, loop))
                return false;
        }

        return true;
    }

    /// <summary>Takes an exchange; false when it is due after the end, and so all that follow.</summary>
    private bool Take(CapturedExchange exchange, int capture, long offset, int loop)
    {
        if (_times.AreCaptured && _times.DueOf(offset, loop, _number) >= _end)
            return false;
        var isLast = exchange.Marks.HasFlag(ExchangeMarks.Last);
        var reason = _judge.Judge(exchange, capture);
        if (loop == 0)
            _tally.Count(capture, reason);
        if (reason == SkipReason.None)
            return Send(Encode(exchange, capture, offset, isLast), loop);
        return !isLast || EndSilently(capture, exchange.Connection, _times.DueOf(offset, loop, _number));
    }

    private EncodedRequest Encode(CapturedExchange exchange, int capture, long offset, bool isLast)
    {
        var request = _pool.Encoded();
        (request.Capture, request.Connection, request.Offset, request.IsLast) = (capture, exchange.Connection, offset, isLast);
        request.Endpoint = Math.Min(_endpoints.IndexOf(exchange), _job.Endpoints.Count - 1);
        var connection = _connections.Of(capture, exchange.Connection);
        // When it is gone through again, the clients are others.
        if (_kept is not null || Array.Exists(_connections.ClientsOf(connection, capture, exchange.Connection), c => c.IsOurs))
            _encoder.Encode(exchange, connection.Values, request);
        Keep(request);
        return request;
    }

    private void Keep(EncodedRequest request)
    {
        if (_kept is null)
            return;
        _keptBytes += request.Length + 256;
        if (_keptBytes <= MostKept && request.Captured is null)
        {
            request.Users++;
            request.Trim();
            _kept.Add(request);
            _connections.Of(request.Capture, request.Connection).LastKept = request;
            return;
        }

        // Too much: it is read again for every loop.
        foreach (var kept in _kept)
            _pool.Release(kept);
        _kept = null;
    }

    private bool SendKept(int loop)
    {
        foreach (var request in _kept!)
        {
            request.Users++;
            if (_lanes.IsStopped || !Send(request, loop))
                return false;
        }

        return true;
    }

    /// <summary>Hands a request on, once for each client that stands for its connection; false when it is due after the end.</summary>
    private bool Send(EncodedRequest request, int loop)
    {
        var state = _connections.Of(request.Capture, request.Connection);
        var clients = _connections.ClientsOf(state, request.Capture, request.Connection);
        var inTime = false;
        foreach (var client in clients)
        {
            var due = _times.DueOf(request.Offset, loop, _number);
            inTime |= due < _end;
            if (due + client.Delay >= _end)
                continue;
            _number++;
            if (!client.IsOurs || due + client.Delay < _from)
                continue;
            request.Users++;
            if (!_lanes.Put(request, client, due + client.Delay, due))
                return false;
        }

        if (request.IsLast)
            _connections.End(request.Capture, request.Connection);
        _pool.Release(request);
        return inTime;
    }

    /// <summary>A connection's last request is skipped: its clients are told to leave.</summary>
    private bool EndSilently(int capture, long connection, TimeSpan due) => _connections.End(capture, connection) is not { } state || SayFarewell(state, due);

    private bool SayFarewells(TimeSpan due)
    {
        foreach (var state in _connections.EndAll())
        {
            if (!SayFarewell(state, due))
                return false;
        }

        return true;
    }

    private bool SayFarewell(ReplayConnection state, TimeSpan due)
    {
        // When it is gone through again, the last one is known.
        if (state.LastKept is { } last)
            last.IsLast = true;
        foreach (var client in state.Clients)
        {
            if (client.IsOurs && !_lanes.Put(null, client, due + client.Delay, due))
                return false;
        }

        return true;
    }
}
