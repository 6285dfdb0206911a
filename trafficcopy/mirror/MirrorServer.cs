using System.Net;
using System.Net.Sockets;
using Pressure.Record;
using Pressure.TrafficCopy;

namespace Pressure.Mirror;

/// <summary>How the start of a mirror went. A closed set.</summary>
public abstract record MirrorStart
{
    private MirrorStart()
    {
    }

    /// <summary>It runs.</summary>
    public sealed record Running(MirrorServer Server) : MirrorStart;

    /// <summary>It can't.</summary>
    /// <param name="Why">What is wrong and what to do, for people.</param>
    public sealed record Refused(string Why) : MirrorStart;
}

/// <summary>
/// A gateway in front of production: every request goes there first and is answered from there alone; copies go to a test target besides, as far as there
/// is room for them.
/// </summary>
/// <remarks>
/// <code>
/// client ⇄ ProductionRoute (YARP) ⇄ production
///               │ what passes is kept, bounded in bytes; the answer has left
///               ▼
///          CopyQueue ──▶ CopyTarget ⇄ test target      bounded, timeout, breaker; own connections
///               │              └──▶ AnswerJudge         compares, on its own thread
///               └─▶ ExchangeRecorder ──▶ capture        masks and writes, on its own thread
/// </code>
/// </remarks>
public sealed class MirrorServer : IAsyncDisposable
{
    private static readonly TimeSpan ToEnd = TimeSpan.FromSeconds(2), ToCompare = TimeSpan.FromSeconds(10);

    private readonly MirrorParts _parts;
    private readonly ProductionRoute _route;
    private AdminRoute? _admin;
    private readonly TimeProvider _time;
    private readonly long _started;
    private TimeSpan? _ended;

    private MirrorServer(MirrorParts parts, ProductionRoute route, TimeProvider time) =>
        (_parts, _route, _time, _started) = (parts, route, time, time.GetTimestamp());

    /// <summary>Where clients come to.</summary>
    public IPEndPoint Listening => _route.Listening;

    /// <summary>Where it can be looked at and paused; null for nowhere.</summary>
    public IPEndPoint? AdminListening => _admin?.Listening;

    /// <summary>Whether copying is paused. What waits is copied all the same; recording goes on.</summary>
    public bool IsPaused
    {
        get => _parts.Gate.IsPaused;
        set => _parts.Gate.IsPaused = value;
    }

    /// <summary>Everything counted up to now.</summary>
    public MirrorStatus Status => _parts.Status(_ended ?? _time.GetElapsedTime(_started));

    /// <summary>What the comparison has found up to now; null when nothing is compared.</summary>
    public DifferenceRecord? Differences => _parts.Judge?.Found;

    /// <summary>Starts one; it listens when this returns.</summary>
    /// <param name="plan">Without problems.</param>
    /// <param name="record">Takes exchanges with production, on one thread; null to record none. It is not ended.</param>
    /// <param name="time">The clock.</param>
    public static async Task<MirrorStart> StartAsync(MirrorPlan plan, IExchangeSink? record, TimeProvider time)
    {
        var parts = new MirrorParts(plan, record, time);
        MirrorServer server;
        try
        {
            server = new(parts, await ProductionRoute.StartAsync(plan, parts.Gate, parts.Recorder, time), time);
        }
        catch (Exception e) when (IsForListening(e))
        {
            parts.Dispose();
            return new MirrorStart.Refused(ListenFailure.Why(plan.Listen, "--listen", e));
        }
        try
        {
            if (plan.Admin is { } admin)
                server._admin = await AdminRoute.StartAsync(admin, () => server.Status, paused => server.IsPaused = paused);
            return new MirrorStart.Running(server);
        }
        catch (Exception e) when (IsForListening(e))
        {
            await server.DisposeAsync();
            return new MirrorStart.Refused(ListenFailure.Why(plan.Admin!, "--admin", e));
        }
    }

    /// <summary>
    /// Ends it: takes no more requests, lets those under way end for a while, drops the copies that wait, records and compares what there is. Counts stand
    /// from then on.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended is not null)
            return;
        _ended = _time.GetElapsedTime(_started);
        if (_admin is not null)
            await _admin.DisposeAsync();
        await _route.DisposeAsync();
        if (_parts.Copier is { } copier)
            await copier.EndAsync(ToEnd);
        _parts.Judge?.Finish(ToCompare);
        _parts.Dispose();
    }

    private static bool IsForListening(Exception e) => e is IOException or SocketException or UnauthorizedAccessException or ArgumentException;
}
