using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// One run through a scenario, and the one request of it that is under way. Stands in one queue at a time: waiting for a
/// connection, in flight, or ended; used again for a later iteration.
/// </summary>
internal sealed class Iteration(RunClock clock) : Linked<Iteration>
{
    private const int UsualSize = 64 * 1024;

    private IterationScope? _scope;
    private ByteBuffer? _rendered;
    private ByteBuffer? _redirected;
    private ByteBuffer? _own;
    private Uri? _url;

    /// <summary>How it came to begin.</summary>
    public Start Start { get; private set; }

    /// <summary>The steps.</summary>
    public ScenarioScript Script => Start.Script;

    /// <summary>Position of the current step; -1 before the first.</summary>
    public int Step { get; set; }

    /// <summary>When the current step is, or the next one will be, due.</summary>
    public TimeSpan Due { get; set; }

    /// <summary>Whether the first step has begun (else the iteration can still be dropped).</summary>
    public bool Begun { get; set; }

    /// <summary>Whether some request of it found no connection at all.</summary>
    public bool Unreached { get; set; }

    /// <summary>The first request was counted as asked when its second closed, before it was dispatched.</summary>
    public bool AlreadyAsked => Start.AlreadyAsked;

    /// <summary>The request under way.</summary>
    public PreparedRequest Request { get; private set; } = null!;

    /// <summary>The client whose request it is in a replay; null otherwise.</summary>
    public ReplayClient? Client => Start.Client;

    /// <summary>Redirects that it has followed.</summary>
    public int Hops { get; private set; }

    /// <summary>The response has no body.</summary>
    public bool IsHead { get; private set; }

    /// <summary>May be sent again when a kept connection turns out to be closed.</summary>
    public bool IsIdempotent { get; private set; }

    /// <summary>When it got or began to wait for its connection; its time limit runs from here.</summary>
    public TimeSpan DispatchedAt { get; set; }

    /// <summary>When its first byte went out, or its connection attempt began if none did.</summary>
    public TimeSpan SentAt { get; set; }

    /// <summary>Where its time goes.</summary>
    public PhaseWatch Phases { get; } = new();

    /// <summary>Whether somebody needs more of the answer than its status.</summary>
    public bool LooksIntoAnswer { get; set; }

    /// <summary>Whether it has been counted as sent.</summary>
    public bool IsSent { get; set; }

    /// <summary>Whether it is being sent a second time, because a kept connection turned out to be closed.</summary>
    public bool Retried { get; set; }

    /// <summary>Its trace ids, kept to go on with after a partial send.</summary>
    public TraceId Trace { get; private set; }

    /// <summary>The connection that it is on; null while it waits for one.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Open connections that no other iteration may use.</summary>
    public LinkedQueue<Connection> Kept { get; } = new();

    /// <summary>One of its own connections to an origin; null if it has none.</summary>
    public Connection? KeptFor(OriginPool pool)
    {
        var kept = Kept.Last;
        while (kept is not null && kept.Pool != pool)
            kept = kept.Previous;
        return kept;
    }

    /// <summary>Begins a run through a scenario.</summary>
    public void Begin(in Start start)
    {
        if (start.Script.IsScoped)
            (_scope ??= new(() => clock.WallTimeAt(clock.Now))).Begin(start.Number, start.User);
        (Start, Due) = (start, start.Due);
        Step = -1;
        Begun = Unreached = false;
    }

    /// <summary>Makes a request the one under way.</summary>
    public void Take(PreparedRequest request, in TraceId trace)
    {
        (Request, Trace) = (request, trace);
        IsSent = Retried = false;
        Connection = null;
        Hops = 0;
        (IsHead, IsIdempotent, _url) = (request.IsHead, request.IsIdempotent, null);
        _own = request.IsRendered ? _rendered ??= new() : null;
        if (_own is not null)
            request.Render(_scope!, trace, _own);
        else if (Client is { } client)
            TakeReplayed(client, trace);
    }

    /// <summary>Puts the request that a redirect asks for in the place of the one that was redirected; it is still the same one for the accounts.</summary>
    public void Follow(Uri from, in Redirect redirect)
    {
        var to = _redirected ?? new();
        RedirectedRequest.Write(Encode(), from, redirect, Request.SendsCookies ? _scope!.Cookies : null, to);
        // Where it was written from is free for the next one.
        (_redirected, _own) = (_own == _rendered ? null : _own, to);
        (_url, Retried, IsIdempotent) = (redirect.Url, false, IsIdempotent || redirect.AsGet);
        Hops++;
    }

    private void TakeReplayed(ReplayClient client, in TraceId trace)
    {
        // One that a large body has grown is not kept.
        if (_rendered is null or { Capacity: > UsualSize })
            _rendered = new();
        _own = _rendered;
        client.Write(_own, trace);
        // By its own method: an endpoint may stand for requests of several.
        var isHttp = client.Current!.AwaitedBytes is null;
        IsHead = isHttp && _own.Written.StartsWith("HEAD "u8);
        IsIdempotent = isHttp && (IsHead || HasMethod(_own.Written, "GET "u8, "OPTIONS "u8) || HasMethod(_own.Written, "PUT "u8, "DELETE "u8));
    }

    private static bool HasMethod(ReadOnlySpan<byte> request, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => request.StartsWith(one) || request.StartsWith(other);

    /// <summary>Whether it has all values for a request.</summary>
    public bool CanSend(PreparedRequest request) => request.Template is not { } template || template.CanRender(_scope!);

    /// <summary>Whether it lacks a row of data for a request, all of them having been used.</summary>
    public bool LacksRow(PreparedRequest request, UsedUpData usedUp) => usedUp.Note(request.Template!, _scope!);

    /// <summary>Takes what later steps need out of the response; false if a value is missing.</summary>
    public bool TakeValues(BodyCheck response) => Request.Checks.Take(response, _scope, _url ?? Request.Url);

    /// <summary>Keeps the cookies of a response that redirects.</summary>
    public void TakeCookies(BodyCheck response) => Request.Checks.TakeCookies(response, _scope, _url ?? Request.Url);

    /// <summary>How many bytes the request under way has.</summary>
    public int Length => _own is { } own ? own.Length : Request.Length;

    /// <summary>The bytes of the request under way; valid until another is encoded.</summary>
    public ReadOnlySpan<byte> Encode()
    {
        if (_own is { } own)
            return own.Written;
        var trace = Trace;
        return Request.Encode(trace);
    }
}
