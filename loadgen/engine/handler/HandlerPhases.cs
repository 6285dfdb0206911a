using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// The phases of one request over SocketsHttpHandler, as far as it lets one see: sending can't be told from waiting, and opening a
/// connection counts for the request it was opened for, if that one did not get its answer over another connection before.
/// </summary>
internal sealed class HandlerPhases(RunClock clock)
{
    /// <summary>Under this name a request carries its phases to where its connection is opened.</summary>
    public static readonly HttpRequestOptionsKey<HandlerPhases> Key = new("phases");

    private readonly TimeSpan _askedAt = clock.Now;
    private TimeSpan _sentAt;
    private TimeSpan? _resolvingAt;
    private TimeSpan? _connectingAt;
    private TimeSpan? _connectedAt;
    private TimeSpan? _securedAt;
    private TimeSpan? _heardAt;

    /// <summary>It may be sent now; when that is.</summary>
    public TimeSpan Sent() => _sentAt = clock.Now;

    /// <summary>A connection is being opened for it: the name is looked up.</summary>
    public void Resolving() => _resolvingAt = clock.Now;

    /// <summary>The name has addresses.</summary>
    public void Connecting() => _connectingAt = clock.Now;

    /// <summary>TCP is connected.</summary>
    public void Connected() => _connectedAt = clock.Now;

    /// <summary>TLS is up.</summary>
    public void Secured() => _securedAt = clock.Now;

    /// <summary>The response's head has come.</summary>
    public void Heard() => _heardAt = clock.Now;

    /// <summary>The request is over: how its time was spent.</summary>
    public PhaseWatch End(TimeSpan now)
    {
        var watch = new PhaseWatch();
        watch.Begin(_askedAt);
        watch.Enter(RequestPhase.Waiting, _sentAt);
        // Read once: a connection that was opened for it may come to life while it ends by another.
        var (resolving, connecting, connected, secured) = (_resolvingAt, _connectingAt, _connectedAt, _securedAt);
        if (resolving is { } from && (_heardAt is not { } heard || (secured ?? connected) <= heard))
        {
            watch.Leave(_sentAt);
            watch.Enter(RequestPhase.Resolving, from);
            Go(watch, RequestPhase.Connecting, connecting);
            Go(watch, secured is null && _heardAt is not null ? RequestPhase.Waiting : RequestPhase.Handshaking, connected);
            Go(watch, RequestPhase.Waiting, secured);
        }

        Go(watch, RequestPhase.Receiving, _heardAt);
        watch.Leave(now);
        return watch;
    }

    private static void Go(PhaseWatch watch, RequestPhase next, TimeSpan? at)
    {
        if (at is { } moment)
            watch.Enter(next, moment);
    }
}
