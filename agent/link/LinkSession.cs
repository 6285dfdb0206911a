using System.Net.WebSockets;

namespace Pressure.Agent;

/// <summary>
/// One connection to the centre, from the challenge to the end. Three loops run side by side, and the first that ends, ends all:
/// what comes in is handled, entries go out, and a watch sends heartbeats and gives the connection up when acknowledgements stay away.
/// </summary>
internal sealed class LinkSession(LinkOptions options, LinkWork work, FrameSocket socket)
{
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LeavingTime = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private AgentSettings Sampling => options.Settings.Current;

    /// <summary>Runs the session until it ends, its work does (then it leaves when the commands under way have ended), or it is told to leave.</summary>
    /// <param name="welcomed">Called once the centre lets the agent in, with its name.</param>
    /// <param name="leave">Leave; commands under way are ended early.</param>
    public async Task<SessionEnd> RunAsync(Action<string> welcomed, CancellationToken leave)
    {
        try
        {
            var (end, welcome) = await EnterAsync(leave);
            if (welcome is null)
                return end!;
            options.Servers.Learn(welcome.Servers);
            welcomed(welcome.Name);
            if (!work.Ring.Agrees(welcome.Wanted))
            {
                options.Tell("The centre has entries that this disk has lost. The buffer goes on under a new name, so that none is taken for another.");
                await GoodbyeAsync("The ring is named anew.");
                return new SessionEnd.Renamed();
            }
            options.Settings.Set(welcome.Sampling);
            using var sender = new EntrySender(work.Ring, socket, welcome.Wanted, options.Clock);
            return await FollowAsync(sender, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            return new SessionEnd.Left();
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidDataException)
        {
            return new SessionEnd.Lost(e.Message);
        }
    }

    private async Task<(SessionEnd? End, Frame.Welcome? Welcome)> EnterAsync(CancellationToken leave)
    {
        using var timer = new CancellationTokenSource(HandshakeTime, options.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave, timer.Token);
        try
        {
            for (var helloed = false; ;)
            {
                switch (await socket.ReceiveAsync(stop.Token))
                {
                    case Frame.Challenge challenge when !helloed:
                        helloed = true;
                        await socket.SendAsync(Hello(challenge.Nonce), stop.Token);
                        break;
                    case Frame.Welcome { Protocol: FrameCodec.Version } welcome when helloed:
                        return (null, welcome);
                    case Frame.Welcome { Protocol: var protocol } when helloed:
                        return (new SessionEnd.Refused(RefusalCode.Protocol, $"The centre wants to speak version {protocol}, this agent speaks {FrameCodec.Version}."), null);
                    case Frame.Refused refused:
                        return (new SessionEnd.Refused(refused.Code, refused.Why), null);
                    case Frame.Goodbye goodbye:
                        return (new SessionEnd.Dismissed(goodbye.Why), null);
                    case null:
                        return (new SessionEnd.Lost("the centre closed the connection before it let the agent in"), null);
                    case var other:
                        return (new SessionEnd.Lost($"the centre sent {other.GetType().Name} before it let the agent in"), null);
                }
            }
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested)
        {
            return (new SessionEnd.Lost($"the centre did not let the agent in within {HandshakeTime.TotalSeconds:0} s"), null);
        }
    }

    private Frame.Hello Hello(byte[] nonce) => new(
        FrameCodec.Version,
        options.Version,
        options.Identity.Agent,
        work.Instance,
        work.Replaces,
        options.Identity.Sign(AgentProof.Bytes(nonce, options.Identity.Agent, work.Instance)),
        options.Identity.Labels,
        work.Ring.Id,
        work.Ring.Oldest,
        work.Ring.Next);

    private async Task<SessionEnd> FollowAsync(EntrySender sender, CancellationToken leave)
    {
        using var broken = new CancellationTokenSource();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(work.Over, leave, broken.Token);
        var runner = new CommandRunner(options.Commands, socket, broken.Token);
        var receive = ReceiveAsync(sender, runner, broken.Token);
        var send = SendAsync(sender, leaving.Token, broken.Token);
        Task<SessionEnd>[] loops = [receive, send, WatchAsync(sender, broken.Token)];
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = leaving.Token.Register(asked.SetResult);
        try
        {
            if (await Task.WhenAny([asked.Task, .. loops]) is Task<SessionEnd> ended && !leaving.IsCancellationRequested)
                return await ended;
            await LeaveAsync(runner, send, receive, leave);
            return new SessionEnd.Left();
        }
        finally
        {
            await broken.CancelAsync();
            await Task.WhenAll([runner.FinishAsync(hurry: true), .. loops]).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task<SessionEnd> ReceiveAsync(EntrySender sender, CommandRunner runner, CancellationToken broken)
    {
        while (true)
        {
            var frame = await socket.ReceiveAsync(broken);
            var received = options.Clock.GetUtcNow();
            switch (frame)
            {
                case Frame.ClockAsk ask:
                    await socket.SendAsync(() => new Frame.ClockAnswer(ask.Id, received, options.Clock.GetUtcNow()), broken);
                    break;
                case Frame.Ack ack:
                    sender.Acked(ack.Next);
                    break;
                case Frame.Command command:
                    runner.Start(command);
                    break;
                case Frame.Cancel cancel:
                    runner.Cancel(cancel.Id);
                    break;
                case Frame.Settings settings:
                    options.Servers.Learn(settings.Servers);
                    options.Settings.Set(settings.Sampling);
                    break;
                case Frame.Heartbeat:
                    break;
                case Frame.Refused refused:
                    return new SessionEnd.Refused(refused.Code, refused.Why);
                case Frame.Goodbye goodbye:
                    return new SessionEnd.Dismissed(goodbye.Why);
                case null:
                    return new SessionEnd.Lost("the centre closed the connection");
                default:
                    throw new InvalidDataException($"The centre sent {frame.GetType().Name} at the wrong time.");
            }
        }
    }

    private static async Task<SessionEnd> SendAsync(EntrySender sender, CancellationToken leaving, CancellationToken broken)
    {
        try
        {
            await sender.RunAsync(leaving, broken);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            // Nothing more is sent, but the connection stays for what is under way.
        }
        return new SessionEnd.Left();
    }

    private async Task<SessionEnd> WatchAsync(EntrySender sender, CancellationToken broken)
    {
        while (true)
        {
            var tick = Sampling.Heartbeat / 4 < LongestTick ? Sampling.Heartbeat / 4 : LongestTick;
            await Task.Delay(tick, options.Clock, broken);
            // A link that was cut gives no error for many minutes; but acknowledgements stay away.
            var patience = Sampling.Heartbeat * 2 > LeastPatience ? Sampling.Heartbeat * 2 : LeastPatience;
            if (sender.Waiting > patience && socket.Unheard > patience)
                return new SessionEnd.Lost($"the centre has said nothing for {socket.Unheard.TotalSeconds:0} s");
            if (socket.Quiet > Sampling.Heartbeat - tick)
                await socket.SendAsync(new Frame.Heartbeat(), broken);
        }
    }

    private async Task LeaveAsync(CommandRunner runner, Task send, Task receive, CancellationToken leave)
    {
        var answered = runner.FinishAsync(hurry: false);
        await Task.WhenAny(send, receive);
        work.Return();
        // A drain waits for commands as long as they take; they are ended early when there is no time for that.
        await Task.WhenAny(answered, receive, Task.Delay(Timeout.InfiniteTimeSpan, options.Clock, leave));
        await Task.WhenAny(runner.FinishAsync(hurry: true), receive, Task.Delay(LeavingTime, options.Clock, CancellationToken.None));
        await GoodbyeAsync("The agent leaves.");
        await Task.WhenAny(receive, Task.Delay(LeavingTime, options.Clock, CancellationToken.None));
    }

    private async Task GoodbyeAsync(string why)
    {
        using var timer = new CancellationTokenSource(LeavingTime, options.Clock);
        await socket.SendAsync(new Frame.Goodbye(why), timer.Token);
        await socket.CloseAsync(timer.Token);
    }
}
