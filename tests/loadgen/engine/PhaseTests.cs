using System.Net;
using System.Net.Sockets;
using Pressure.LoadGen.Engine;
using Pressure.Record;

namespace Pressure.LoadGen.Tests.Engine;

/// <summary>Where the time of a request goes, by a server that takes its time in one place only.</summary>
public abstract class PhaseTests(bool tls) : OverBoth(tls)
{
    // What the server takes, less than which no phase may be by much: timers may strike a little early.
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(0.3) * 0.95;

    [Fact]
    public async Task A_first_byte_that_is_late_is_waiting()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                await c.DelayAsync(0.3);
                await c.WriteAsync(RawServer.Ok);
            }
        });

        var request = await RunAsync(server.Url, requests: 5);

        Assert.Equal(5, request.Ok);
        Assert.Equal(5, request.Phases[RequestPhase.Waiting]!.Count);
        AtLeast(Delay, request, RequestPhase.Waiting);
        Assert.Null(request.Phases[RequestPhase.Sending]);
        Assert.Null(request.Phases[RequestPhase.Receiving]);
        Assert.Null(request.Phases[RequestPhase.Resolving]);
    }

    [Fact]
    public async Task A_body_that_trickles_in_is_receiving()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                // More than the kernel keeps: when it is written the engine has begun to read, and the pause is all in the receiving.
                await c.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Length: {16 << 20}\r\n\r\n");
                await c.WriteAsync(new byte[(16 << 20) - 1]);
                await c.DelayAsync(0.3);
                await c.WriteAsync("k");
            }
        });

        var request = await RunAsync(server.Url, requests: 5);

        Assert.Equal(5, request.Ok);
        Assert.Equal(5, request.Phases[RequestPhase.Receiving]!.Count);
        AtLeast(Delay, request, RequestPhase.Receiving);
    }

    [Fact]
    public async Task Connecting_and_tls_are_those_of_new_connections_only()
    {
        await using var server = Answering();
        var kept = await RunAsync(server.Url, requests: 20, rate: 50);
        var connections = server.Connections;
        Assert.Equal(connections, Count(kept, RequestPhase.Connecting));
        Assert.Equal(Scheme == "https" ? connections : 0, Count(kept, RequestPhase.Handshaking));

        var fresh = await RunAsync(server.Url, requests: 20, rate: 50, http: EngineRun.Insecure with { KeepAlive = false });
        Assert.Equal(20, Count(fresh, RequestPhase.Connecting));
        Assert.Equal(Scheme == "https" ? 20 : 0, Count(fresh, RequestPhase.Handshaking));
        Assert.Equal(20, fresh.Phases[RequestPhase.Waiting]!.Count);
    }

    [Fact]
    public async Task Requests_beyond_the_connections_are_blocked_and_late()
    {
        await using var server = Serving(async c =>
        {
            while (await c.ReadRequestAsync() is not null)
            {
                await c.DelayAsync(0.3);
                await c.WriteAsync(RawServer.Ok);
            }
        });

        // Three a third of a second, but one connection: of six, at least four wait for it.
        var request = await RunAsync(server.Url, requests: 6, rate: 9, http: EngineRun.Insecure with { MaxConnections = 1 });

        Assert.Equal(6, request.Sent);
        Assert.InRange(Count(request, RequestPhase.Blocked), 4, 6);
        Assert.InRange(request.Late, 4, 6);
        AtLeast(Delay * 0.9, request, RequestPhase.Waiting);
    }

    [Fact]
    public async Task A_request_that_fails_spent_its_time_in_the_phase_that_failed()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Connections are taken by the kernel, and nobody ever answers.
        listener.Listen(100);
        var mute = new Uri($"{Scheme}://{listener.LocalEndPoint}/");

        var request = await RunAsync(mute, requests: 3, http: EngineRun.Insecure with { ConnectTimeout = Delay, Timeout = Delay * 2 });

        Assert.Equal(3, request.Failed);
        var phase = Scheme == "https" ? RequestPhase.Handshaking : RequestPhase.Waiting;
        Assert.Equal(3, Count(request, phase));
        AtLeast(Delay * 0.9, request, phase);
        if (Scheme == "https")
            Assert.Null(request.Phases[RequestPhase.Waiting]);
    }

    [Fact]
    public async Task A_kept_connection_that_turns_out_closed_has_blocked_the_request()
    {
        await using var server = Serving(async c =>
        {
            // A peer that closes without a word at the second request, as one whose idle limit strikes.
            await c.ReadRequestAsync();
            await c.WriteAsync(RawServer.Ok);
            await c.ReadRequestAsync();
            await c.DelayAsync(0.3);
        });

        // One connection: on a busy machine the first request may be under way when the second is due, which would have one of its own else.
        var request = await RunAsync(server.Url, requests: 2, rate: 2, http: EngineRun.Insecure with { MaxConnections = 1 });

        Assert.Equal(2, request.Ok);
        Assert.Equal(1, Count(request, RequestPhase.Blocked));
        AtLeast(Delay * 0.9, request, RequestPhase.Blocked);
    }

    private static long Count(RequestInterval request, RequestPhase phase) => request.Phases[phase]?.Count ?? 0;

    private static void AtLeast(TimeSpan time, RequestInterval request, RequestPhase phase) =>
        Assert.True(request.Phases[phase]!.Min >= time, $"{phase} took {request.Phases[phase]!.Min} at least, not {time}");

    private static async Task<RequestInterval> RunAsync(Uri url, int requests, int rate = 10, HttpOptions? http = null) =>
        (await EngineRun.Of(EngineRun.Plan(rate, (double)requests / rate, EngineRun.Get(url)) with { Http = http ?? EngineRun.Insecure }, lanes: 1)).Only;
}

public sealed class PlainPhaseTests() : PhaseTests(tls: false)
{
    [Fact]
    public async Task A_body_that_the_server_is_slow_to_read_is_sending()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var body = new byte[16 << 20];
        var serving = ServeAsync(listener, body.Length);
        var post = EngineRun.Get(new Uri($"http://{listener.LocalEndpoint}/")) with { Method = "POST", Body = body };

        var request = (await EngineRun.Of(EngineRun.Plan(1, 1, post), lanes: 1)).Only;
        await serving;

        Assert.Equal(1, request.Ok);
        Assert.True(request.Phases[RequestPhase.Sending]!.Min >= TimeSpan.FromSeconds(0.28));
    }

    [Fact]
    public async Task A_name_that_is_slow_to_resolve_is_resolving()
    {
        await using var server = RawServer.Answering();
        var plan = EngineRun.Plan(10, 1, EngineRun.Get(new Uri($"http://localhost:{server.Port}/")));
        var origins = Origin.Of(plan);
        var sink = new Keeping();
        using var lane = new Lane(new EngineJob(Workload.Of(plan), "run-1", 1), origins, new LaneShare(0, 1, 100), sink, new RunClock(TimeProvider.System));
        var running = Task.Run(() => lane.Run(CancellationToken.None), TestContext.Current.CancellationToken);
        // By then all requests are asked for, and wait for the name.
        await sink.FirstSecond.Task;
        await origins[0].ResolveAsync(CancellationToken.None);
        await running;

        var request = sink.Total.Requests[0];
        Assert.Equal(10, request.Ok);
        Assert.Equal(10, request.Phases[RequestPhase.Resolving]!.Count);
        Assert.Equal(10, request.Phases[RequestPhase.Connecting]!.Count);
    }

    private static async Task ServeAsync(TcpListener listener, int length)
    {
        using var socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[1 << 20];
        // The sending has begun by then.
        long read = await socket.ReceiveAsync(buffer.AsMemory(0, 1), TestContext.Current.CancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(0.3), TestContext.Current.CancellationToken);
        while (read < length)
            read += await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        // Until the engine closes, so that no unread byte of the head becomes a reset.
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    private sealed class Keeping : ISecondSink
    {
        public Interval Total { get; } = new(0, 0, 1);

        public TaskCompletionSource FirstSecond { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LaneSecond Exchange(int lane, LaneSecond closed)
        {
            FirstSecond.TrySetResult();
            Total.Add(closed.Counts);
            closed.Counts.Clear();
            return closed;
        }
    }
}

public sealed class TlsPhaseTests() : PhaseTests(tls: true);
