using System.Net.WebSockets;
using System.Threading.Channels;

namespace Pressure.Agent;

/// <summary>
/// Keeps an agent connected to its centre: connects, and connects again whenever that ends, patiently. It sends from a ring that it is given, and gives it
/// back when asked, for a successor; the connection then stays until the commands under way on it have ended.
/// </summary>
public sealed class AgentLink(LinkOptions options)
{
    // Those of a node that has ended do not all come to the next one at the same moment.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(10);

    private readonly BackOff _backOff = new(options.Random);
    private readonly Channel<LinkWork> _given = Channel.CreateUnbounded<LinkWork>();
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private LinkWork? _last;
    private string _told = "";
    private long _toldAt;
    private long? _connected;
    private int _tried;

    /// <summary>Completes when the centre has let the agent in for the first time.</summary>
    public Task Connected => _welcomed.Task;

    /// <summary>Gives it a ring to send from. The first time it says that it is the process of <see cref="LinkOptions"/>, later that it takes its own place.</summary>
    public void Send(EntryRing ring)
    {
        lock (_gate)
        {
            _last = _last is null ? new LinkWork(ring, options.Instance, options.Replaces) : new LinkWork(ring, Guid.NewGuid(), _last.Instance);
            _given.Writer.TryWrite(_last);
        }
    }

    /// <summary>Takes the ring away again; completes when nothing is read from it any more. No new commands are taken.</summary>
    public Task ReleaseAsync()
    {
        lock (_gate)
            return _last?.EndAsync() ?? Task.CompletedTask;
    }

    /// <summary>There will be no other ring: <see cref="RunAsync"/> returns when the commands under way have ended.</summary>
    public void Finish() => _given.Writer.TryComplete();

    /// <summary>Serves until told to leave, or finished.</summary>
    public async Task RunAsync(CancellationToken leave)
    {
        var drained = new List<Task>();
        try
        {
            await foreach (var work in _given.Reader.ReadAllAsync(leave))
            {
                var serving = ServeAsync(work, leave);
                // One that only waits for its commands does not keep the next from sending.
                await Task.WhenAny(serving, work.Returned);
                drained.Add(serving);
                drained.RemoveAll(d => d.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // Those that are connected say goodbye by themselves.
        }
        await Task.WhenAll(drained);
    }

    private async Task ServeAsync(LinkWork work, CancellationToken leave)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(work.Over, leave);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                _connected = null;
                var end = await OnceAsync(work, leave, stop.Token);
                if (_connected is { } since && options.Clock.GetElapsedTime(since) > StableAfter)
                    _backOff.Reset();
                if (end is SessionEnd.Left)
                    return;
                var wait = Wait(end, out var told);
                Tell(told);
                if (end is not (SessionEnd.Renamed or SessionEnd.Refused { Code: RefusalCode.Superseded }))
                    wait = MoveOn(wait);
                await Task.Delay(wait, options.Clock, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was waiting to connect again.
        }
        finally
        {
            work.Return();
        }
    }

    /// <summary>Goes on to the service's next address: soon, while there is one that was not tried since the last connection; else after the wait.</summary>
    private TimeSpan MoveOn(TimeSpan wait)
    {
        options.Servers.MoveOn();
        if (++_tried < options.Servers.Count)
            return Soon * options.Random.NextDouble();
        _tried = 0;
        return wait;
    }

    private async Task<SessionEnd> OnceAsync(LinkWork work, CancellationToken leave, CancellationToken stop)
    {
        var trust = options.Identity.Trust();
        var server = options.Servers.Current;
        using var handler = new SocketsHttpHandler { SslOptions = trust.Tls(server.Host), AllowAutoRedirect = false };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        // Heartbeats and acknowledgements are our own: pings below them would only cost the centre.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using (var timer = new CancellationTokenSource(ConnectTime, options.Clock))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token))
        {
            try
            {
                await socket.ConnectAsync(Address(server), invoker, either.Token);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException)
            {
                return stop.IsCancellationRequested ? new SessionEnd.Left()
                    : trust.Problem is { } distrust ? new SessionEnd.Distrusted(distrust)
                    : new SessionEnd.Lost(timer.IsCancellationRequested ? "it does not answer" : e.GetBaseException().Message);
            }
        }
        using var frames = new FrameSocket(socket, options.Clock);
        return await new LinkSession(options, work, frames).RunAsync(Welcomed, leave);
    }

    private void Welcomed(string name)
    {
        (_connected, _tried) = (options.Clock.GetTimestamp(), 0);
        _welcomed.TrySetResult();
        _told = "";
        options.Tell($"Connected to {options.Servers.Current.Authority} as {name}.");
    }

    private TimeSpan Wait(SessionEnd end, out string told)
    {
        var server = options.Servers.Current.Authority;
        switch (end)
        {
            case SessionEnd.Renamed:
                told = "";
                return TimeSpan.Zero;
            case SessionEnd.Refused { Code: RefusalCode.Unknown, Why: var why }:
                told = $"{server} does not know this agent: {why} Enrol it anew with a new token if it should. Sampling goes on; trying again now and then.";
                return _backOff.About(LongWait);
            case SessionEnd.Refused { Code: RefusalCode.Protocol, Why: var why }:
                told = $"{server} speaks another version of the protocol: {why} Bring the older side up to date. Trying again now and then.";
                return _backOff.About(LongWait);
            case SessionEnd.Refused { Code: RefusalCode.Superseded, Why: var why }:
                told = $"{server} has a connection of another instance of this agent: {why} If its data folder was copied to a second machine, enrol that machine by itself. Trying again now and then.";
                return _backOff.About(LongWait);
            case SessionEnd.Refused { Code: RefusalCode.Malformed or RefusalCode.Flood, Why: var why }:
                told = $"{server} closed the connection: {why}";
                return _backOff.About(TimeSpan.FromMinutes(1));
            case SessionEnd.Refused { Why: var why }:
                told = $"{server} is busy: {why}";
                return _backOff.Next();
            case SessionEnd.Distrusted { Why: var why }:
                told = $"{server} is not the service that this agent was enrolled with: {why}. Nothing is sent to it. If the service was set up anew, enrol the agent anew.";
                return _backOff.Next();
            case SessionEnd.Dismissed { Why: var why }:
                told = $"{server} says goodbye: {why} Sampling goes on; connecting again.";
                return _backOff.Next();
            default:
                told = $"No connection to {server}: {((SessionEnd.Lost)end).Why}. Sampling goes on; connecting again.";
                return _backOff.Next();
        }
    }

    // The same trouble every few seconds would only fill a log.
    private void Tell(string what)
    {
        if (what.Length == 0 || (what == _told && options.Clock.GetElapsedTime(_toldAt) < TellAgainAfter))
            return;
        (_told, _toldAt) = (what, options.Clock.GetTimestamp());
        options.Tell(what);
    }

    private static Uri Address(Uri server) => new UriBuilder(server) { Scheme = "wss", Path = "/agent" }.Uri;
}
