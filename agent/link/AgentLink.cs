using System.Net.WebSockets;

namespace Pressure.Agent;

/// <summary>Keeps an agent connected to its centre: connects, and connects again whenever that ends, patiently.</summary>
public sealed class AgentLink(LinkOptions options)
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StableAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TellAgainAfter = TimeSpan.FromMinutes(10);

    private readonly BackOff _backOff = new(options.Random);
    private string _told = "";
    private long _toldAt;

    /// <summary>The name that the centre gave; empty before the first welcome.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Whether the centre has let the agent in and the connection stands.</summary>
    public bool Connected { get; private set; }

    /// <summary>Stays connected until told to leave, or to drain: then it leaves when the commands under way have ended, and is not connected again.</summary>
    public async Task RunAsync(CancellationToken drain, CancellationToken leave)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(drain, leave);
        while (!stop.IsCancellationRequested)
        {
            var start = options.Time.GetTimestamp();
            var end = await OnceAsync(drain, leave);
            if (end is SessionEnd.Left)
                return;
            if (Connected && options.Time.GetElapsedTime(start) > StableAfter)
                _backOff.Reset();
            Connected = false;
            var wait = Wait(end, out var told);
            Tell(told);
            try
            {
                await Task.Delay(wait, options.Time, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<SessionEnd> OnceAsync(CancellationToken drain, CancellationToken leave)
    {
        var trust = options.Identity.Trust();
        using var handler = new SocketsHttpHandler { SslOptions = trust.Tls(options.Identity.Server.Host), AllowAutoRedirect = false };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        // Heartbeats and acknowledgements are our own: pings below them would only cost the centre.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        using (var timer = new CancellationTokenSource(ConnectTime, options.Time))
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(drain, leave, timer.Token))
        {
            try
            {
                await socket.ConnectAsync(Address(options.Identity.Server), invoker, stop.Token);
            }
            catch (Exception e) when (e is WebSocketException or HttpRequestException or OperationCanceledException)
            {
                return drain.IsCancellationRequested || leave.IsCancellationRequested ? new SessionEnd.Left()
                    : trust.Problem is { } distrust ? new SessionEnd.Distrusted(distrust)
                    : new SessionEnd.Lost(timer.IsCancellationRequested ? "it does not answer" : e.GetBaseException().Message);
            }
        }
        using var frames = new FrameSocket(socket, options.Time);
        return await new LinkSession(options, frames).RunAsync(Welcomed, drain, leave);
    }

    private void Welcomed(string name)
    {
        (Name, Connected) = (name, true);
        _told = "";
        options.Tell($"Connected to {options.Identity.Server.Authority} as {name}.");
    }

    private TimeSpan Wait(SessionEnd end, out string told)
    {
        var server = options.Identity.Server.Authority;
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
        if (what.Length == 0 || (what == _told && options.Time.GetElapsedTime(_toldAt) < TellAgainAfter))
            return;
        (_told, _toldAt) = (what, options.Time.GetTimestamp());
        options.Tell(what);
    }

    private static Uri Address(Uri server) => new UriBuilder(server) { Scheme = "wss", Path = "/agent" }.Uri;
}
