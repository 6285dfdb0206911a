using System.Net;
using System.Net.Sockets;
using Pressure.Record;

namespace Pressure.LoadGen.Engine;

/// <summary>
/// Runs a lane for a moment against a socket of our own before the load begins, so that its code is compiled when the first request
/// falls due; else the first second's requests would be late by the compiler's time, and look as if the target were slow.
/// </summary>
internal static class Rehearsal
{
    private static readonly TimeSpan Length = TimeSpan.FromMilliseconds(100);
    private static int _done;
    private static int _replayDone;

    /// <summary>Rehearses once per process what is to be run, a replay or any other load, and only if the clock leaves time for it.</summary>
    public static void Run(RunClock clock, bool replay)
    {
        var left = -clock.Now - Length / 2;
        if (left < Length || Interlocked.Exchange(ref replay ? ref _replayDone : ref _done, 1) == 1)
            return;
        using var enough = new CancellationTokenSource(left);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(() => AnswerAsync(listener));
        var plan = Plan(new Uri($"http://{listener.LocalEndpoint}/"));
        if (replay)
            plan = plan with { Load = new Load.Replay(new() { Captures = [] }) };
        using var source = new RehearsedReplay(Length);
        var own = new RunClock(TimeProvider.System);
        using (var lane = new Lane(new EngineJob(Workload.Of(plan), "rehearsal", 1), Origin.Of(plan), new LaneShare(0, 1, 4), new Discard(), own, replay ? source : null))
            lane.Run(enough.Token);
        listener.Stop();
        answering.Wait(Length * 10);
    }

    private static LoadPlan Plan(Uri url)
    {
        var request = new Step.Request { Name = "rehearsal", Method = "GET", Url = url, Service = "rehearsal", Checks = [new Check.BodyContains("a")] };
        return new LoadPlan
        {
            Name = "rehearsal",
            Target = url,
            Duration = Length,
            Load = new Load.Constant(new Rate(1000, TimeSpan.FromSeconds(1))),
            Scenarios = [new Scenario("rehearsal", 1, [request, new Step.Think(TimeSpan.Zero, TimeSpan.FromMilliseconds(2)), request])],
            Http = new HttpOptions { Timeout = Length, ConnectTimeout = Length, MaxConnections = 4 },
        };
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
                _ = AnswerAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // The rehearsal is over, perhaps before it began to listen.
        }
    }

    private static async Task AnswerAsync(Socket socket)
    {
        using var _ = socket;
        var buffer = new byte[4096];
        try
        {
            // One request comes in one piece here; were it not so, a rehearsal would lose nothing.
            while (await socket.ReceiveAsync(buffer) > 0)
                await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"u8.ToArray());
        }
        catch (SocketException)
        {
            // The rehearsal is over.
        }
    }

    private sealed class Discard : ISecondSink
    {
        public LaneSecond Exchange(int lane, LaneSecond closed)
        {
            closed.Counts.Clear();
            return closed;
        }
    }
}
